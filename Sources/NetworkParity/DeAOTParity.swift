import NeuralGraph
import NeuralRuntime
import Tracking

struct DeAOTParity: ParityNetwork {
  private let deaot: DeAOTNetwork

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    deaot = try DeAOTNetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    guard parityCase.isKind("track") else { return .block }
    if output.name.hasPrefix("label") { return .labels(0.002) }
    if output.name == "long_term_tokens" { return .absolute(0) }
    return parityCase["labels_fed_back"]?.string == "given" ? .wholeNetwork : .stateful
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    if parityCase.isKind("encode_image") { return try encoded(parityCase, inputs) }
    if parityCase.isKind("identity") { return try identified(inputs) }
    if parityCase.isKind("gpm_reference") { return try referenced(parityCase, inputs) }
    if parityCase.isKind("gpm_propagate") { return try propagated(parityCase, inputs) }
    if parityCase.isKind("decode") { return try decoded(parityCase, inputs) }
    guard parityCase.isKind("track") else { throw ParityError("\(parityCase.name) is no known kind of case") }
    var track = try DeAOTParityTrack(deaot, parityCase, inputs)
    return try track.outputs()
  }

  // MARK: Single calls

  private func encoded(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let taps = Set(parityCase.outputs.map(\.name)).intersection(["maxpool"])
    let features = try deaot.encode(inputs.tensor("frame0"), taps: taps)
    var outputs = ["enc_projected": features.projected]
    outputs["maxpool"] = features.taps["maxpool"]
    for (name, level) in zip(["enc_4x", "enc_8x", "enc_16x"], features.levels) { outputs[name] = level }
    return outputs
  }

  private func identified(_ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let labels = LabelMap(try inputs.tensor("labels"))
    let (rows, columns) = ((labels.height - 1) / 16 + 1, (labels.width - 1) / 16 + 1)
    let embedding = try deaot.identify(deaot.identityPlanes(labels))
    return [
      "id_embedding": embedding.map(rows: rows, columns: columns),
      "position_embedding": SinePosition.embedding(rows: rows, columns: columns, channels: deaot.sizes.width),
    ]
  }

  private func grid(_ parityCase: ParityCase) throws -> (rows: Int, columns: Int) {
    guard let grid = parityCase["grid"]?.ints, grid.count == 2 else {
      throw ParityError("\(parityCase.name) has no grid")
    }
    return (grid[0], grid[1])
  }

  private func referenced(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let grid = try grid(parityCase)
    let propagated = try deaot.propagate(
      inputs.tensor("tokens").flattened, rows: grid.rows, columns: grid.columns,
      from: .own(embedding: inputs.tensor("id_embedding").flattened), taps: ["long", "short", "self"])
    var outputs = layerOutputs(propagated)
    for (index, layer) in propagated.layers.enumerated() {
      outputs["layer\(index)_k"] = layer.key
      outputs["layer\(index)_v"] = layer.value
      outputs["layer\(index)_long_id_v"] = layer.own?.values.last
    }
    return outputs.mapValues(\.sequence)
  }

  private func propagated(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let grid = try grid(parityCase)
    let layers = 0..<deaot.sizes.layers
    func memory(_ kind: String, _ layer: Int) throws -> DeAOTNetwork.LayerMemory {
      DeAOTNetwork.LayerMemory(
        key: try inputs.tensor("\(kind)_k\(layer)").flattened,
        values: try ["v", "id_v"].filter { inputs.names.contains("\(kind)_\($0)\(layer)") }.map {
          try inputs.tensor("\(kind)_\($0)\(layer)").flattened
        })
    }
    let propagated = try deaot.propagate(
      inputs.tensor("tokens").flattened, rows: grid.rows, columns: grid.columns,
      from: .memory(long: layers.map { [try memory("long", $0)] }, short: layers.map { try memory("short", $0) }),
      taps: ["long", "short", "self"])
    var outputs = layerOutputs(propagated)
    let embedding = try inputs.tensor("id_embedding").flattened
    for (index, layer) in propagated.layers.enumerated() {
      outputs["layer\(index)_cur_k"] = layer.key
      outputs["layer\(index)_cur_v"] = layer.value
      outputs["layer\(index)_cur_id_in"] = layer.identityIn
      outputs["layer\(index)_fused_id_v"] = try deaot.memory(of: layer, index, with: embedding).values.last
    }
    return outputs.mapValues(\.sequence)
  }

  private func layerOutputs(_ propagated: DeAOTNetwork.Propagated) -> [String: NeuralTensor] {
    var outputs = ["final": propagated.final]
    let names = ["long": "long", "short": "short", "self": "self", "tokens_out": "out", "identity_out": "out_id"]
    for (index, layer) in propagated.layers.enumerated() {
      for (tap, name) in names { outputs["layer\(index)_\(name)"] = layer.taps[tap] }
    }
    return outputs
  }

  private func decoded(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let taps = Set(parityCase.outputs.map(\.name)).intersection(["dec_conv_in", "dec_16x", "dec_8x", "dec_4x"])
    return try deaot.decode(
      inputs.tensor("final_tokens").flattened,
      levels: ["enc_4x", "enc_8x", "enc_16x"].map { try inputs.tensor($0) },
      projected: inputs.tensor("enc_projected"), taps: taps)
  }
}

extension LabelMap {
  /// From labels as floats, [1, 1, height, width] or [height, width].
  init(_ tensor: NeuralTensor) {
    let size = tensor.shape.suffix(2)
    self.init(width: size.last!, height: size.first!, labels: tensor.floats.map { UInt16(max(0, min(65535, $0))) })
  }
}

extension NeuralTensor {
  /// [positions, channels] of a sequence [positions, 1, channels] or a map [1, channels, rows, columns].
  var flattened: NeuralTensor {
    if shape.count == 3 { return reshaped([shape[0] * shape[1], shape[2]]) }
    let (channels, positions) = (shape[1], shape[2] * shape[3])
    return withFloats { floats in
      NeuralTensor([positions, channels]) { out in
        for position in 0..<positions {
          for channel in 0..<channels { out[position * channels + channel] = floats[channel * positions + position] }
        }
      }
    }
  }

  /// [positions, 1, channels].
  var sequence: NeuralTensor { reshaped([shape[0], 1, shape[1]]) }

  /// [positions, channels] as [1, channels, rows, columns].
  func map(rows: Int, columns: Int) -> NeuralTensor {
    let (positions, channels) = (shape[0], shape[1])
    return withFloats { floats in
      NeuralTensor([1, channels, rows, columns]) { out in
        for position in 0..<positions {
          for channel in 0..<channels { out[channel * positions + position] = floats[position * channels + channel] }
        }
      }
    }
  }
}
