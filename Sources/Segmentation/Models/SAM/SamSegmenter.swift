import Imaging
import NeuralGraph
import NeuralRuntime

/// Clicks, boxes and masks to objects by a network of the SAM family. The frame is embedded once; a prompt then takes a
/// small part of the time.
public struct SamSegmenter: Segmenter {
  public let network: SamNetwork

  public init(_ network: SamNetwork) { self.network = network }

  /// Bytes that embedding a frame takes: the weights, and what lies between the encoder's layers, as measured with the
  /// released sizes. 0 for weights of another network.
  public static func memory(_ weights: NetworkWeights) -> Int {
    guard let architecture = SamArchitecture(weights) else { return 0 }
    let elements = weights.keys.reduce(0) { $0 + (weights.shape($1) ?? []).reduce(1, *) }
    // While a session is made the weights are there twice: as they lie in the file, and packed.
    return 4 * elements + max(architecture.workingBytes, 4 * elements + 160 << 20)
  }

  /// - Throws: `GraphError`, `NeuralError`.
  public func prepare(_ image: RGBImage) throws -> SamPreparedFrame {
    let preprocessing = SamPreprocessing(width: image.width, height: image.height)
    let picture = preprocessing.picture(resizedBytes: preprocessing.resizedBytes(image.rgbBytes))
    return SamPreparedFrame(network: network, preprocessing, embedding: try network.encode(picture).embedding)
  }
}

/// A frame's embedding, ready for prompts. Immutable; may be asked from several threads at once.
public struct SamPreparedFrame: PreparedFrame {
  let network: SamNetwork
  let preprocessing: SamPreprocessing
  /// What the encoder saw: to be kept, and handed to `init` with the frame's size, instead of encoding again.
  public let embedding: SamNetwork.Embedding

  public init(network: SamNetwork, _ preprocessing: SamPreprocessing, embedding: SamNetwork.Embedding) {
    self.network = network
    self.preprocessing = preprocessing
    self.embedding = embedding
  }

  /// A single click is ambiguous: three masks (whole, part, subpart), best first. Otherwise the mask for clear prompts,
  /// then those three.
  public func candidates(for prompts: Prompts, limit: Int) throws -> [Candidate] {
    let size = preprocessing.original
    try prompts.validate(width: size.width, height: size.height)
    let batch = SamPromptBuilder(preprocessing).batch(prompts)
    let answer = try network.decode(embedding, batch)
    guard let masks = answer["masks"], let iou = answer["iou"]?.floats else {
      throw NeuralError(.runtime, "\(network.architecture.name) gave no masks")
    }
    let isAmbiguous = prompts.box == nil && prompts.mask == nil && batch.objects[0].count == 2
    let ambiguous = (1...3).sorted { iou[$0] > iou[$1] || (iou[$0] == iou[$1] && $0 < $1) }
    let post = SamPostprocessing(preprocessing)
    return (isAmbiguous ? ambiguous : [0] + ambiguous).prefix(limit).map { plane in
      let logits = post.upscaled(logits(masks, plane))
      return Candidate(
        mask: Plane(width: size.width, height: size.height, samples: logits.map { $0 > 0 ? 255 : 0 }),
        score: max(0, min(1, iou[plane])))
    }
  }

  /// A plane's logits, the high-quality token's added where the network has one.
  func logits(_ masks: NeuralTensor, object: Int = 0, _ plane: Int) -> [Float] {
    let size = masks.shape[2] * masks.shape[3]
    let first = object * masks.shape[1] * size
    return masks.withFloats { all in
      let own = all[first + plane * size..<first + (plane + 1) * size]
      guard network.architecture.isHighQuality else { return Array(own) }
      return zip(own, all[first + 4 * size..<first + 5 * size]).map(+)
    }
  }
}

extension SamPostprocessing {
  func upscaled(_ plane: [Float]) -> [Float] { plane.withUnsafeBufferPointer(upscaled) }
}

/// From prompts on a frame to the network's.
struct SamPromptBuilder {
  private let preprocessing: SamPreprocessing
  /// A scribble counts as so many clicks at most: the network was trained with few.
  private static let clicksPerStroke = 6
  private static let maskLogit: Float = 8

  init(_ preprocessing: SamPreprocessing) { self.preprocessing = preprocessing }

  func batch(_ prompts: Prompts) -> SamNetwork.PromptBatch {
    var clicks = prompts.inside.map { point($0, .inside) } + prompts.outside.map { point($0, .outside) }
    for stroke in prompts.insideStrokes { clicks += Self.spread(stroke).map { point($0, .inside) } }
    for stroke in prompts.outsideStrokes { clicks += Self.spread(stroke).map { point($0, .outside) } }
    let frame = Region(x: 0, y: 0, width: preprocessing.original.width, height: preprocessing.original.height)
    // A mask alone says little to the network; its box says where.
    let box = prompts.box?.clamped(to: frame) ?? (clicks.isEmpty ? prompts.mask?.boundingBox : nil)
    return SamNetwork.PromptBatch(
      points: [clicks], boxes: box.map { [corners($0)] }, mask: prompts.mask.map { logits($0) })
  }

  private func point(_ point: Prompts.Point, _ kind: SamNetwork.PromptBatch.Kind) -> SamNetwork.PromptBatch.Point {
    let position = preprocessing.position(x: Double(point.x), y: Double(point.y))
    return .init(x: position.x, y: position.y, kind)
  }

  private func corners(_ box: Region) -> SIMD4<Double> {
    let first = preprocessing.position(x: Double(box.x), y: Double(box.y))
    let second = preprocessing.position(x: Double(box.maxX), y: Double(box.maxY))
    return SIMD4(first.x, first.y, second.x, second.y)
  }

  private static func spread(_ stroke: Prompts.Stroke) -> [Prompts.Point] {
    let pixels = stroke.rasterized
    guard pixels.count > clicksPerStroke else { return pixels }
    return (0..<clicksPerStroke).map { pixels[($0 * 2 + 1) * pixels.count / (2 * clicksPerStroke)] }
  }

  /// A mask as the logits of an earlier answer would be, [1, 1, 256, 256].
  private func logits(_ mask: Plane<UInt8>) -> NeuralTensor {
    let side = SamDecoderGraph.maskSide
    let step = Double(SamArchitecture.side / side)
    let scale = (
      x: Double(preprocessing.original.width) / Double(preprocessing.resized.width),
      y: Double(preprocessing.original.height) / Double(preprocessing.resized.height)
    )
    return NeuralTensor([1, 1, side, side]) { out in
      for y in 0..<side {
        for x in 0..<side {
          let column = Int((Double(x) + 0.5) * step * scale.x)
          let row = Int((Double(y) + 0.5) * step * scale.y)
          let isInside = column < mask.width && row < mask.height && mask[column, row] != 0
          out[y * side + x] = isInside ? Self.maskLogit : -Self.maskLogit
        }
      }
    }
  }
}
