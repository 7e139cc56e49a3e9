import Imaging
import NeuralGraph
import NeuralRuntime
import Tracking

struct SiamMaskParity: ParityNetwork {
  private let siamMask: SiamMaskNetwork

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    siamMask = try SiamMaskNetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    if parityCase.isKind("crop") { return output.type == "uint8" ? .absolute(2) : .block }
    guard parityCase.isKind("decode") else { return .block }
    if output.name.hasPrefix("mask_in_image") { return .meanAbsolute(0.01) }
    if output.name.hasPrefix("polygon") { return .polygon(2) }
    if output.name.hasPrefix("best_row_column") { return .absolute(0) }
    return output.name.hasPrefix("score") ? .absolute(1e-5) : .absolute(1e-3)
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    if parityCase.isKind("anchors") { return anchors() }
    if parityCase.isKind("crop") { return try crops(inputs) }
    if parityCase.isKind("decode") { return try decoded(parityCase, inputs) }
    return try network(parityCase, inputs)
  }

  // MARK: The network

  private func network(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let names = parityCase.outputs.map(\.name)
    func taps(_ prefix: String) -> Set<String> {
      Set(names.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    }
    var outputs: [String: NeuralTensor] = [:]
    let (template, seen) = try siamMask.template(inputs.tensor("template"), taps: taps("template_"))
    for (name, tensor) in seen { outputs["template_" + name] = tensor }
    let wanted = taps("search_").union(names.filter { $0.hasSuffix("_corr") && $0 != "mask_corr" })
    let answer = try siamMask.search(inputs.tensor("search"), for: template, taps: wanted)
    for (name, tensor) in answer.taps { outputs["search_" + name] = tensor }
    for name in ["cls", "loc", "cls_corr", "loc_corr", "mask_corr"] { outputs[name] = answer.taps[name] }
    if names.contains("mask_head") { outputs["mask_head"] = try siamMask.coarseMasks(answer) }
    try refine(parityCase, answer, &outputs)
    return outputs
  }

  private func refine(
    _ parityCase: ParityCase, _ answer: SiamMaskNetwork.Answer, _ outputs: inout [String: NeuralTensor]
  ) throws {
    let refined = parityCase.outputs.filter { $0.name.hasPrefix("refine_") }
    let taps = Set(refined.compactMap { $0.fields["tap"]?.string })
    var known: [[Int]: [String: NeuralTensor]] = [:]
    for output in refined {
      guard let position = output.fields["position"]?.ints, position.count == 2 else { continue }
      if known[position] == nil {
        known[position] = try siamMask.refine(answer, row: position[0], column: position[1], taps: taps)
      }
      outputs[output.name] = known[position]?[output.fields["tap"]?.string ?? "mask"]
    }
  }

  // MARK: Around it

  private func anchors() -> [String: NeuralTensor] {
    let anchors = SiamMaskAnchors(gridSide: 25)
    return [
      "anchors": NeuralTensor(anchors.boxes.flatMap { [$0.x, $0.y, $0.z, $0.w] }, [anchors.boxes.count, 4]),
      "window": NeuralTensor(anchors.window.map { Float($0) }, [anchors.window.count]),
    ]
  }

  private func crops(_ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let frame = try inputs.image("frame")
    let crop = ContextCrop(first: frame)
    let mean = ContextCrop.meanColor(frame)
    var outputs = ["mean_colour": NeuralTensor((0..<3).map { Float(mean[$0]) }, [3])]
    for name in inputs.names where name.hasPrefix("crop") {
      let values = try inputs.values(name)
      let side = Int(values[2])
      let picture = crop.picture(
        frame, x: values[0], y: values[1], originalSide: Int(values[3]), side: side, channels: [0, 1, 2])
      outputs[name] = picture.reshaped([3, side, side])
    }
    return outputs
  }

  private func decoded(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    let frameShape = try inputs.fields("frame")["shape"]?.ints ?? []
    guard let centre = parityCase["first_centre"]?.doubles, let size = parityCase["first_size"]?.doubles,
      centre.count == 2, size.count == 2, frameShape.count == 3, let steps = parityCase["steps"]?.int
    else { throw ParityError("\(parityCase.name) lacks its first box, its frame or its steps") }
    let prefix = parityCase["input_prefix"]?.string ?? ""
    let decoding = SiamMaskDecoding(settings(parityCase["hp"]))
    let frame = (width: frameShape[1], height: frameShape[0])
    var target = SiamMaskTarget(x: centre[0], y: centre[1], width: size[0], height: size[1])
    var outputs: [String: NeuralTensor] = [:]
    for step in 0..<steps {
      let choice = decoding.choose(
        scores: try inputs.tensor("\(prefix)cls\(step)"), boxes: try inputs.tensor("\(prefix)loc\(step)"),
        from: target, frame: frame)
      let logits = try zip(
        inputs.tensor("\(prefix)mask_logits\(step)").floats, inputs.tensor("\(prefix)mask_rect\(step)").floats)
      let side = SiamMaskNetwork.maskSide
      let mask = NeuralTensor(logits.map { SiamMaskNetwork.odds($0 + $1) }, [1, side, side])
      let placed = decoding.place(
        mask, row: choice.row, column: choice.column, square: decoding.searchSquare(target), frame: frame)
      target = choice.target
      let polygon = decoding.polygon(placed, target)
      outputs["best_row_column\(step)"] = NeuralTensor([Float(choice.row), Float(choice.column)], [2])
      outputs["score\(step)"] = NeuralTensor([choice.score], [1])
      outputs["target\(step)"] = NeuralTensor(
        [target.x, target.y, target.width, target.height].map { Float($0) }, [4])
      outputs["mask_in_image\(step)"] = NeuralTensor(placed.samples, [frame.height, frame.width])
      outputs["polygon\(step)"] = NeuralTensor(polygon.flatMap { [Float($0.x), Float($0.y)] }, [4, 2])
    }
    return outputs
  }

  private func settings(_ given: JSONValue?) -> SiamMaskSettings {
    var settings = SiamMaskSettings()
    settings.penalty = given?["penalty_k"]?.double ?? settings.penalty
    settings.windowInfluence = given?["window_influence"]?.double ?? settings.windowInfluence
    settings.learningRate = given?["lr"]?.double ?? settings.learningRate
    settings.maskThreshold = given?["seg_thr"]?.double.map { Float($0) } ?? settings.maskThreshold
    settings.searchSide = given?["instance_size"]?.int ?? settings.searchSide
    settings.baseSize = given?["base_size"]?.int ?? settings.baseSize
    return settings
  }
}
