import Imaging
import Inpainting
import NeuralGraph
import NeuralRuntime

struct E2FGVIParity: ParityNetwork {
  private let e2fgvi: E2FGVINetwork

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    e2fgvi = try E2FGVINetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    if parityCase.isKind("clip") {
      return output.name.hasPrefix("pred") ? .wholeNetwork : .absolute(output.type == "uint8" ? 1 : 0)
    }
    return parityCase.isKind("whole") ? .wholeNetwork : .block
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let wanted = Set(parityCase.outputs.map(\.name))
    func taps(_ known: [String]) -> Set<String> { wanted.intersection(known) }
    if parityCase.isKind("spynet") {
      let levels = (0..<6).flatMap { ["level\($0)_input", "level\($0)_residual"] }
      return try e2fgvi.flow(from: inputs.tensor("ref"), to: inputs.tensor("supp"), taps: taps(levels))
    }
    if parityCase.isKind("flow_warp") {
      return try e2fgvi.warp(inputs.tensor("features"), flow: Self.channelsFirst(inputs.tensor("flow")))
    }
    if parityCase.isKind("encoder") { return try encoder(inputs, taps((0..<18).map { "enc\($0)" })) }
    if parityCase.isKind("deform_align") {
      let tensors = try ["x", "extra", "flow1", "flow2"].map { ($0, try inputs.tensor($0)) }
      return try e2fgvi.align(
        backward: parityCase["branch"]?.string != "forward", Dictionary(uniqueKeysWithValues: tensors),
        taps: taps(["conv_offset"]))
    }
    if parityCase.isKind("propagation") { return try propagation(inputs) }
    if parityCase.isKind("soft_split_comp") { return try splitAndCompose(inputs, wanted) }
    if parityCase.isKind("focal_block") { return try block(parityCase["block"]?.int ?? 0, inputs, taps) }
    if parityCase.isKind("decoder") { return try e2fgvi.decoder(inputs.tensor("features")) }
    if parityCase.isKind("whole") { return try whole(parityCase, inputs, taps) }
    if parityCase.isKind("clip") { return try clip(parityCase, inputs) }
    return [:]
  }

  // MARK: Parts

  private func encoder(_ inputs: ParityInputs, _ taps: Set<String>) throws -> [String: NeuralTensor] {
    let results = try maskedFrames(inputs).map { try e2fgvi.encoder($0, taps: taps) }
    return Dictionary(
      uniqueKeysWithValues: taps.union(["features"]).map { name in
        (name, NeuralTensor.joined(results.map { $0[name]! }))
      })
  }

  private func propagation(_ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let features = Self.planes(try inputs.tensor("features"))
    let propagated = try e2fgvi.propagate(
      features, forwardFlows: Self.planes(inputs.tensor("flows_first")),
      backwardFlows: Self.planes(inputs.tensor("flows_second")))
    return ["propagated": Self.inTime(propagated)]
  }

  private func splitAndCompose(_ inputs: ParityInputs, _ wanted: Set<String>) throws -> [String: NeuralTensor] {
    let features = try inputs.tensor("features")
    var outputs: [String: NeuralTensor] = [:]
    if wanted.contains("tokens") { outputs["tokens"] = try e2fgvi.softSplit(features) }
    if wanted.contains("composed") {
      outputs["composed"] = try e2fgvi.softComposition(
        inputs.tensor("tokens"), height: features.shape[2], width: features.shape[3])
    }
    return outputs
  }

  private func block(
    _ index: Int, _ inputs: ParityInputs, _ taps: ([String]) -> Set<String>
  ) throws -> [String: NeuralTensor] {
    guard 0..<E2FGVINetwork.depth ~= index else { throw ParityError("there is no transformer block \(index)") }
    var outputs = try e2fgvi.block(index, inputs.tensor("tokens"), taps: taps(["norm1", "pooled", "attn", "ffn"]))
    outputs["block\(index)"] = outputs["block"]
    return outputs
  }

  // MARK: The whole network

  private func whole(
    _ parityCase: ParityCase, _ inputs: ParityInputs, _ taps: ([String]) -> Set<String>
  ) throws -> [String: NeuralTensor] {
    let frames = try maskedFrames(inputs)
    let local = parityCase["num_local_frames"]?.int ?? frames.count
    guard 1...frames.count ~= local else { throw ParityError("\(local) neighbours of \(frames.count) frames") }
    var clip = E2FGVIClip(e2fgvi) { frames[$0] }
    let window = E2FGVIWindow(neighbours: 0..<local, references: Array(local..<frames.count))
    let depths = (0..<E2FGVINetwork.depth).filter { !taps(["block\($0)"]).isEmpty }.map { $0 + 1 }
    let stages = try clip.stages(window, depths: Set([0] + depths))
    var outputs = ["tokens": stages.tokens[0]!]
    for depth in depths { outputs["block\(depth - 1)"] = stages.tokens[depth] }
    outputs["flows_forward"] = Self.inTime(stages.forwardFlows)
    outputs["flows_backward"] = Self.inTime(stages.backwardFlows)
    outputs["encoder"] = NeuralTensor.joined(stages.encoded.map(\.features))
    outputs["propagated"] = Self.inTime(stages.propagated)
    let size = (height: stages.features.shape[2], width: stages.features.shape[3])
    if !taps(["composed"]).isEmpty {
      outputs["composed"] = try e2fgvi.softComposition(stages.transformed, height: size.height, width: size.width)
    }
    if !taps(["output"]).isEmpty {
      let transformed = try e2fgvi.softComposition(stages.transformed, onto: stages.features)
      outputs["output"] = NeuralTensor.joined(
        try frames.indices.map { try e2fgvi.decoder(transformed.slice($0..<$0 + 1))["picture"]! })
    }
    return outputs
  }

  private func clip(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let names = inputs.names.filter { $0.hasPrefix("frame") }
    let levels = try names.map { try inputs.image($0).rgbBytes }
    let masks = try inputs.tensor("mask").floats
    let frames = try maskedFrames(inputs)
    let (height, width) = (frames[0].shape[2], frames[0].shape[3])
    var order = E2FGVIWindows()
    order.stride = parityCase["neighbor_stride"]?.int ?? order.stride
    order.referenceStep = parityCase["ref_length"]?.int ?? order.referenceStep
    var clip = E2FGVIClip(e2fgvi) { E2FGVIClip.mirrored(frames[$0]) }
    var blends = frames.map { _ in E2FGVIBlend() }
    var outputs: [String: NeuralTensor] = [:]
    for window in order.windows(count: frames.count) {
      let pictures = try clip.pictures(window)
      outputs["window\(window.middle)_frames"] = NeuralTensor(window.frames.map { Float($0) }, [window.frames.count])
      outputs["pred\(window.middle)"] = NeuralTensor.joined(
        pictures.map { Self.halved($0, height: height, width: width) })
      for (index, picture) in zip(window.neighbours, pictures) {
        blends[index].add(picture, width: width, height: height)
      }
    }
    for (index, blend) in blends.enumerated() {
      guard let filled = blend.levels else { continue }
      let plane = masks.count > height * width ? index * height * width : 0
      let composed = filled.indices.map { at in
        masks[plane + at / 3] > 0 ? filled[at].rounded(.down) : Float(levels[index][at])
      }
      outputs["comp\(index)"] = NeuralTensor(composed, [height, width, 3])
    }
    return outputs
  }

  // MARK: Tensors

  /// All frames, times one minus their mask (one for all, or one each).
  private func maskedFrames(_ inputs: ParityInputs) throws -> [NeuralTensor] {
    let frames = try inputs.tensors(prefix: "frame")
    guard let first = frames.first else { throw ParityError("a case without frames") }
    let mask = try inputs.tensor("mask").floats
    let area = first.shape[2] * first.shape[3]
    guard mask.count == area || mask.count == area * frames.count else { throw ParityError("masks of another size") }
    return frames.enumerated().map { index, frame in
      let plane = mask.count > area ? index * area : 0
      return NeuralTensor(frame.floats.enumerated().map { $1 * (1 - mask[plane + $0 % area]) }, frame.shape)
    }
  }

  /// [1, count, channels, height, width] as `count` tensors of one.
  private static func planes(_ tensor: NeuralTensor) -> [NeuralTensor] {
    let joined = tensor.reshaped(Array(tensor.shape.dropFirst()))
    return (0..<joined.shape[0]).map { joined.slice($0..<$0 + 1) }
  }

  private static func inTime(_ tensors: [NeuralTensor]) -> NeuralTensor {
    guard !tensors.isEmpty else { return NeuralTensor([], [1, 0]) }
    let joined = NeuralTensor.joined(tensors)
    return joined.reshaped([1] + joined.shape)
  }

  /// [1, height, width, 2] as [1, 2, height, width].
  private static func channelsFirst(_ flow: NeuralTensor) -> NeuralTensor {
    let (height, width) = (flow.shape[1], flow.shape[2])
    let floats = flow.floats
    return NeuralTensor([1, 2, height, width]) { out in
      for index in 0..<height * width {
        out[index] = floats[2 * index]
        out[height * width + index] = floats[2 * index + 1]
      }
    }
  }

  /// The picture in 0…1, without its padding.
  private static func halved(_ picture: NeuralTensor, height: Int, width: Int) -> NeuralTensor {
    let (rows, columns) = (picture.shape[2], picture.shape[3])
    return picture.withFloats { floats in
      NeuralTensor([1, 3, height, width]) { out in
        for index in out.indices {
          let (channel, y, x) = (index / (height * width), index / width % height, index % width)
          out[index] = (floats[(channel * rows + y) * columns + x] + 1) / 2
        }
      }
    }
  }
}
