import NeuralGraph
import NeuralRuntime
import Tracking

struct XMemParity: ParityNetwork {
  private let xmem: XMemNetwork

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    xmem = try XMemNetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    guard parityCase.isKind("track") else { return .block }
    if output.name.hasPrefix("label") { return .labels(0.002) }
    return output.name == "memory_sizes" ? .absolute(0) : .stateful
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    if parityCase.isKind("encode_key") { return try encodedKey(parityCase, inputs) }
    if parityCase.isKind("encode_value") { return try encodedValue(parityCase, inputs) }
    if parityCase.isKind("match") { return try matched(parityCase, inputs) }
    if parityCase.isKind("segment") { return try segmented(inputs) }
    if parityCase.isKind("aggregate") {
      let aggregated = try xmem.aggregate(inputs.tensor("prob"))
      return ["logits": aggregated.logits, "prob": aggregated.probabilities]
    }
    guard parityCase.isKind("track") else { throw ParityError("\(parityCase.name) is no known kind of case") }
    return try tracked(parityCase, inputs)
  }

  // MARK: Single calls

  private func encodedKey(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let taps = Set(parityCase.outputs.map(\.name)).intersection(["maxpool"])
    return try xmem.encodeKey(inputs.tensor("image"), taps: taps).taps
  }

  private func encodedValue(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let taps = Set(parityCase.outputs.map(\.name))
      .intersection(["layer1", "layer3", "fuser_block1", "fuser_attention"])
    let (image, hidden) = (try inputs.tensor("image"), try inputs.tensor("hidden"))
    let masks = try inputs.tensor("masks")
    let planes = NeuralTensor.joined(
      [NeuralTensor(repeating: 0, [1] + masks.shape[2...]), masks.reshaped(Array(masks.shape[1...]))])
    let context = try xmem.valueContext(f16: inputs.tensor("f16"))
    var perObject: [String: [NeuralTensor]] = [:]
    for object in 0..<masks.shape[1] {
      var outputs = try xmem.encodeValue(
        image, mask: XMemNetwork.maskPlanes(planes, object: object), context, taps: taps)
      outputs["hidden_out"] = try xmem.reinforced(hidden.object(object), by: outputs["value"]!)
      for (name, tensor) in outputs { perObject[name, default: []].append(tensor) }
    }
    return shaped(perObject, grouped: ["value", "hidden_out", "fuser_block1"])
  }

  private func matched(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let reading = try XMemMatching(xmem).reading(
      memory: (inputs.tensor("memory_key"), inputs.tensor("memory_shrinkage")),
      query: (inputs.tensor("query_key"), inputs.tensor("query_selection")), values: inputs.tensor("memory_value"),
      topK: parityCase["top_k"]?.int)
    return [
      "similarity": reading.similarity, "affinity": reading.affinity, "usage": reading.usage,
      "readout": reading.readout,
    ]
  }

  private func segmented(_ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let levels = XMemNetwork.Levels(
      f4: try inputs.tensor("f4"), f8: try inputs.tensor("f8"), f16: try inputs.tensor("f16"))
    let (readout, hidden) = (try inputs.tensor("readout"), try inputs.tensor("hidden"))
    let context = try xmem.decoderContext(levels)
    var perObject: [String: [NeuralTensor]] = [:]
    for object in 0..<hidden.shape[1] {
      let own = hidden.object(object)
      let decoded = try xmem.decode(readout: readout.object(object), hidden: own, context)
      for name in ["g16", "g8", "g4"] { perObject[name, default: []].append(decoded.taps[name]!) }
      perObject["logits_quarter", default: []].append(decoded.logits)
      perObject["hidden_out", default: []].append(try xmem.updated(own, by: decoded))
    }
    let aggregated = try xmem.probabilities(logits: perObject["logits_quarter"]!)
    var outputs = shaped(perObject, grouped: ["g16", "g8", "g4", "hidden_out"])
    for (name, tensor) in [("logits_aggregated", aggregated.logits), ("prob", aggregated.probabilities)] {
      outputs[name] = tensor.reshaped([1] + tensor.shape)
    }
    return outputs
  }

  /// Objects below one another; those of `grouped` with an axis for the batch before.
  private func shaped(_ perObject: [String: [NeuralTensor]], grouped: Set<String>) -> [String: NeuralTensor] {
    var outputs: [String: NeuralTensor] = [:]
    for (name, tensors) in perObject {
      let all = NeuralTensor.joined(tensors)
      outputs[name] = grouped.contains(name) ? all.reshaped([1] + all.shape) : all
    }
    return outputs
  }

  // MARK: Tracks

  private func tracked(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let count = inputs.names.count { $0.hasPrefix("frame") && $0.dropFirst(5).allSatisfy(\.isNumber) }
    var state = XMemState(xmem, settings: settings(parityCase["config"]))
    var outputs: [String: NeuralTensor] = [:]
    var sizes: [Float] = []
    for index in 0..<count {
      let given = try (parityCase["given"]?.array ?? []).first { $0["frame"]?.int == index }.map { given in
        let masks = try inputs.tensor(given["mask"]?.string ?? "")
        let all = given["all_labels"]?.ints ?? []
        let valid = given["valid_labels"]?.ints
        return XMemState.Given(
          masks: masks.reshaped(Array(masks.shape.suffix(3))),
          decided: valid.map { Set($0.compactMap(all.firstIndex)) })
      }
      let probabilities = try state.step(inputs.tensor("frame\(index)"), given: given, isLast: index == count - 1)
      outputs["prob\(index)"] = probabilities
      outputs["label\(index)"] = probabilities.greatestPlane
      let hidden = NeuralTensor.joined(state.hidden)
      outputs["hidden\(index)"] = hidden.reshaped([1] + hidden.shape)
      let contents = state.contents
      sizes += [Float(contents.workingCount), Float(contents.longCount)]
    }
    let contents = state.contents
    outputs["memory_sizes"] = NeuralTensor(sizes, [count, 2])
    outputs["work_usage"] = contents.workingUsage
    outputs["long_key"] = contents.longKey
    outputs["long_shrinkage"] = contents.longShrinkage
    outputs["long_value"] = contents.longValue
    outputs["long_usage"] = contents.longUsage
    return outputs
  }

  private func settings(_ given: JSONValue?) -> XMemSettings {
    var settings = XMemSettings()
    guard let given else { return settings }
    settings.longTermIsEnabled = given["enable_long_term"]?.bool ?? settings.longTermIsEnabled
    settings.countsLongTermUsage = given["enable_long_term_count_usage"]?.bool ?? settings.countsLongTermUsage
    settings.mostWorkingFrames = given["max_mid_term_frames"]?.int ?? settings.mostWorkingFrames
    settings.leastWorkingFrames = given["min_mid_term_frames"]?.int ?? settings.leastWorkingFrames
    settings.mostLongTermElements = given["max_long_term_elements"]?.int ?? settings.mostLongTermElements
    settings.prototypes = given["num_prototypes"]?.int ?? settings.prototypes
    settings.topK = given["top_k"]?.int
    settings.memoryGap = given["mem_every"]?.int ?? settings.memoryGap
    settings.deepUpdateGap = given["deep_update_every"]?.int.flatMap { $0 < 0 ? nil : $0 }
    return settings
  }
}

extension NeuralTensor {
  /// One object of [1, objects, …], as [1, …].
  func object(_ index: Int) -> NeuralTensor {
    reshaped(Array(shape.dropFirst())).slice(index..<index + 1)
  }

  /// The plane of [planes, height, width] that is greatest at each pixel, the first of equals: [height, width].
  var greatestPlane: NeuralTensor {
    let area = shape[1] * shape[2]
    return withFloats { floats in
      NeuralTensor([shape[1], shape[2]]) { out in
        for pixel in 0..<area {
          for plane in 1..<shape[0] where floats[plane * area + pixel] > floats[Int(out[pixel]) * area + pixel] {
            out[pixel] = Float(plane)
          }
        }
      }
    }
  }
}
