import Imaging
import NeuralGraph
import NeuralRuntime
import Segmentation

/// SAM and its kin: what goes in stands in a case's `call`, what comes out in each output's.
struct SamParity: ParityNetwork {
  private let sam: SamNetwork
  /// Whole tensors of earlier cases, under `case/output`, for those that go on from them.
  private var embeddings: [String: NeuralTensor] = [:]

  init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions) throws {
    sam = try SamNetwork(weights: weights, runtime: runtime, options: options)
  }

  func tolerance(_ parityCase: ParityCase, _ output: ParityOutput) -> ParityTolerance {
    let function = output.fields["call"]?["function"]?.string
    if output.type == "uint8" { return .absolute(1) }
    if output.type == "bool" { return .labels(0.002) }
    if output.shape.reduce(1, *) <= 8, output.name.contains("iou") { return .absolute(1e-4) }
    if function == "postprocess_masks" { return .wholeNetwork }
    if parityCase.isKind("decode") || function == "dense_pe" { return .block }
    return .wholeNetwork
  }

  mutating func outputs(of parityCase: ParityCase, _ inputs: ParityInputs) throws -> [String: NeuralTensor] {
    var results: [String: NeuralTensor] = [:]
    let call = parityCase["call"]
    if parityCase.outputs.contains(where: { $0.function == "dense_pe" }) { results["dense_pe"] = try sam.gridCode() }
    var picture: NeuralTensor?
    if let frame = call?["preprocess"]?.string { picture = try preprocess(inputs.image(frame), &results) }
    var embedding: SamNetwork.Embedding?
    if let name = call?["encode"]?.string {
      let image = try picture.map { inputs.names.contains(name) ? try inputs.tensor(name) : $0 } ?? inputs.tensor(name)
      embedding = try encode(image, parityCase, &results)
    }
    if let name = call?["image_embedding"]?.string {
      let early = try call?["interm_embedding"]?.string.map { try named($0, inputs) }
      embedding = SamNetwork.Embedding(image: try named(name, inputs), early: early)
    }
    if let embedding, parityCase.outputs.contains(where: \.needsDecoder) {
      try decode(embedding, parityCase, inputs, &results)
    }
    return results
  }

  /// An input, or a whole tensor that another case computed.
  private func named(_ name: String, _ inputs: ParityInputs) throws -> NeuralTensor {
    if inputs.names.contains(name) { return try inputs.tensor(name) }
    guard let tensor = embeddings[name] else { throw ParityError("\(name) was not computed by an earlier case") }
    return tensor
  }

  // MARK: Stages

  private func preprocess(_ image: RGBImage, _ results: inout [String: NeuralTensor]) -> NeuralTensor {
    let preprocessing = SamPreprocessing(width: image.width, height: image.height)
    let bytes = preprocessing.resizedBytes(image.rgbBytes)
    let size = preprocessing.resized
    let picture = preprocessing.picture(resizedBytes: bytes)
    results["resized_uint8"] = NeuralTensor(bytes.map { Float($0) }, [size.height, size.width, 3])
    results["float_resize"] = preprocessing.resizedFloats(image.rgbBytes)
    results["input"] = picture
    return picture
  }

  private mutating func encode(
    _ image: NeuralTensor, _ parityCase: ParityCase, _ results: inout [String: NeuralTensor]
  ) throws -> SamNetwork.Embedding {
    let wanted = parityCase.outputs.filter { $0.function == "image_encoder" }
    let taps = Set(wanted.compactMap { $0.fields["call"]?["tap"]?.string ?? $0.name })
    let (embedding, seen) = try sam.encode(image, taps: taps)
    for output in wanted { results[output.name] = seen[output.fields["call"]?["tap"]?.string ?? output.name] }
    embeddings[parityCase.name + "/neck"] = embedding.image
    embeddings[parityCase.name + "/interm_embedding"] = embedding.early
    return embedding
  }

  private func decode(
    _ embedding: SamNetwork.Embedding, _ parityCase: ParityCase, _ inputs: ParityInputs,
    _ results: inout [String: NeuralTensor]
  ) throws {
    let taps = Set(parityCase.outputs.compactMap { $0.fields["call"]?["tap"]?.string })
      .union(parityCase.outputs.filter { $0.function == "prompt_encoder" }.compactMap(\.result))
    let encoderTaps = parityCase.outputs.filter { $0.function == "image_encoder" }
      .compactMap { $0.fields["call"]?["tap"]?.string }
    let answer = try sam.decode(
      embedding, try prompts(parityCase, inputs), taps: taps.subtracting(encoderTaps))
    for output in parityCase.outputs {
      switch output.function {
      case "prompt_encoder": results[output.name] = output.result.flatMap { answer[$0] }
      case "predict_masks":
        results[output.name] = (output.fields["call"]?["tap"]?.string ?? output.result).flatMap { answer[$0] }
      case "mask_decoder": results[output.name] = chosen(answer, output)
      case "postprocess_masks": results[output.name] = try postprocessed(answer, output)
      default: break
      }
    }
  }

  private func chosen(_ answer: [String: NeuralTensor], _ output: ParityOutput) -> NeuralTensor? {
    guard let masks = answer["masks"], let iou = answer["iou"] else { return nil }
    let call = output.fields["call"]
    let multimask = call?["multimask_output"]?.bool ?? false
    if sam.architecture.isHighQuality {
      let choice = SamMaskChoice(multimask: multimask, highQualityOnly: call?["hq_token_only"]?.bool ?? false)
      let result = choice.highQuality(masks: masks, iou: iou)
      return output.result == "iou" ? result.iou : result.mask
    }
    let planes = multimask ? 1..<4 : 0..<1
    return output.result == "iou" ? iou.columns(planes) : masks.columns(planes)
  }

  private func postprocessed(_ answer: [String: NeuralTensor], _ output: ParityOutput) throws -> NeuralTensor {
    guard let call = output.fields["call"], let input = call["input_size"]?.ints, input.count == 2,
      let original = call["original_size"]?.ints, original.count == 2, let all = answer["masks"]
    else { throw ParityError("\(output.name) lacks its sizes") }
    let planes = call["planes"]?.ints ?? Array(0..<all.shape[1])
    guard planes.allSatisfy({ 0..<all.shape[1] ~= $0 }) else { throw ParityError("\(output.name): planes \(planes)") }
    let size = all.shape[2] * all.shape[3]
    let objects = all.shape[0]
    let floats = all.floats
    var masks = (0..<objects).map { object in
      planes.map { plane in
        Array(floats[(object * all.shape[1] + plane) * size..<(object * all.shape[1] + plane + 1) * size])
      }
    }
    if call["join"]?.string == "sum" {
      masks = masks.map { planes in [planes.dropFirst().reduce(planes[0]) { zip($0, $1).map(+) }] }
    }
    if let keep = call["keep"]?.int { masks = masks.map { Array($0.prefix(keep)) } }
    let post = SamPostprocessing(input: (input[0], input[1]), original: (original[0], original[1]))
    var upscaled = masks.flatMap { $0.flatMap { plane in plane.withUnsafeBufferPointer(post.upscaled) } }
    if let above = call["above"]?.double { upscaled = upscaled.map { $0 > Float(above) ? 1 : 0 } }
    return NeuralTensor(upscaled, [objects, masks.first?.count ?? 0, original[0], original[1]])
  }

  // MARK: Prompts

  private func prompts(_ parityCase: ParityCase, _ inputs: ParityInputs) throws -> SamNetwork.PromptBatch {
    let call = parityCase["call"]
    let scale = try promptScale(call?["prompt_scale"] ?? parityCase["prompt_scale"])
    var boxes: [SIMD4<Double>]?
    if let name = call?["box"]?.string {
      let values = try inputs.values(name)
      boxes = stride(from: 0, to: values.count - 3, by: 4).map {
        SIMD4(
          values[$0] * scale.x, values[$0 + 1] * scale.y, values[$0 + 2] * scale.x, values[$0 + 3] * scale.y)
      }
    }
    var clicks = [[SamNetwork.PromptBatch.Point]](repeating: [], count: boxes?.count ?? 1)
    if let names = call?["points"]?.array?.compactMap(\.string), names.count == 2 {
      let (positions, labels) = (try inputs.values(names[0]), try inputs.values(names[1]))
      let batch = try inputs.fields(names[1])["shape"]?.ints?.first ?? 1
      let each = labels.count / max(1, batch)
      guard positions.count == 2 * labels.count, boxes == nil || boxes?.count == batch else {
        throw ParityError("\(parityCase.name): prompts of different counts")
      }
      clicks = (0..<batch).map { object in
        (object * each..<(object + 1) * each).map { index in
          .init(
            x: positions[2 * index] * scale.x, y: positions[2 * index + 1] * scale.y,
            labels[index] == 1 ? .inside : labels[index] == 0 ? .outside : .notAPoint)
        }
      }
    }
    let mask = try call?["mask_input"]?.string.map { try inputs.tensor($0) }
    return .init(points: clicks, boxes: boxes, mask: mask)
  }

  private func promptScale(_ given: JSONValue?) throws -> (x: Double, y: Double) {
    guard let given else { return (1, 1) }
    let sides = (given.array ?? []).compactMap(\.doubles)
    guard sides.count == 2, sides.allSatisfy({ $0.count == 2 && $0[1] != 0 }) else {
      throw ParityError("a prompt scale of another form")
    }
    return (sides[0][0] / sides[0][1], sides[1][0] / sides[1][1])
  }
}

extension ParityOutput {
  fileprivate var function: String? { fields["call"]?["function"]?.string }
  fileprivate var result: String? { fields["call"]?["result"]?.string }

  fileprivate var needsDecoder: Bool {
    ["prompt_encoder", "predict_masks", "mask_decoder", "postprocess_masks"].contains(function)
  }
}

extension NeuralTensor {
  /// The elements `range` of the second axis.
  fileprivate func columns(_ range: Range<Int>) -> NeuralTensor {
    let inner = shape.dropFirst(2).reduce(1, *)
    let floats = floats
    let kept = (0..<shape[0]).flatMap { row in
      floats[(row * shape[1] + range.lowerBound) * inner..<(row * shape[1] + range.upperBound) * inner]
    }
    return NeuralTensor(Array(kept), [shape[0], range.count] + shape.dropFirst(2))
  }
}
