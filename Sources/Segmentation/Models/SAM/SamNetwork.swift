import NeuralGraph
import NeuralRuntime

/// A member of the SAM family with its weights: SAM, HQ-SAM, Light HQ-SAM or MobileSAM, by the file. Safe from any thread.
public struct SamNetwork: Sendable {
  public let architecture: SamArchitecture
  public let network: NeuralNetwork

  /// What the encoder saw in a picture.
  public struct Embedding: Sendable {
    /// [1, 256, 64, 64].
    public let image: NeuralTensor
    /// [1, 64, 64, channels], for the high-quality decoder.
    public let early: NeuralTensor?

    public init(image: NeuralTensor, early: NeuralTensor?) {
      self.image = image
      self.early = early
    }
  }

  /// Prompts for one object each, in the network's square of 1024 pixels.
  public struct PromptBatch: Sendable {
    public enum Kind: Int, Sendable {
      case notAPoint, outside, inside, firstCorner, secondCorner
    }

    public struct Point: Sendable {
      public let x: Double
      public let y: Double
      public let kind: Kind

      public init(x: Double, y: Double, _ kind: Kind) {
        self.x = x
        self.y = y
        self.kind = kind
      }
    }

    /// As many points for each object.
    public let objects: [[Point]]
    /// [objects, 1, 256, 256] logits.
    public let mask: NeuralTensor?

    /// - Parameters:
    ///   - points: clicks of each object.
    ///   - boxes: left, top, right and bottom for each object, or none at all.
    public init(points: [[Point]], boxes: [SIMD4<Double>]? = nil, mask: NeuralTensor? = nil) {
      objects = points.enumerated().map { index, clicks in
        // Clicks alone are closed by a point that is none.
        guard let boxes else { return clicks + [Point(x: 0, y: 0, .notAPoint)] }
        let box = boxes[index]
        return clicks + [Point(x: box.x, y: box.y, .firstCorner), Point(x: box.z, y: box.w, .secondCorner)]
      }
      self.mask = mask
    }
  }

  /// - Throws: `GraphError` where the weights are none of the family's, with all that does not fit.
  public init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init()) throws(GraphError) {
    architecture = try Self.verify(weights)
    network = NeuralNetwork(architecture.name, weights: weights, runtime: runtime, options: options, partLimit: 4)
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  @discardableResult
  public static func verify(_ weights: NetworkWeights) throws(GraphError) -> SamArchitecture {
    guard let architecture = SamArchitecture(weights) else {
      throw GraphError(name: "SAM", problems: ["\(weights.source) holds no network of the SAM family"])
    }
    let graphs = (0..<2).map { _ in GraphBuilder(architecture.name, weights: weights) }
    build(architecture, encoder: graphs[0])
    SamDecoderGraph(architecture: architecture, batch: 1, hasMask: true).build(graphs[1])
    try weights.verify(architecture.name, graphs, ignoring: architecture.unusedKeys)
    return architecture
  }

  private static func build(_ architecture: SamArchitecture, encoder graph: GraphBuilder) {
    switch architecture.encoder {
    case .vit(let shape): ViTEncoderGraph(shape).build(graph)
    case .tiny: TinyViTEncoderGraph.build(graph)
    }
  }

  // MARK: Running

  /// - Parameter picture: [1, 3, 1024, 1024], from `SamPreprocessing`.
  /// - Returns: the embedding, and the taps asked for.
  public func encode(
    _ picture: NeuralTensor, taps: Set<String> = []
  ) throws -> (embedding: Embedding, taps: [String: NeuralTensor]) {
    let early = "interm_embedding"
    var wanted = taps.subtracting(["neck"])
    if architecture.isHighQuality { wanted.insert(early) }
    let outputs = try network.run("image encoder", ["image": picture], taps: wanted) {
      Self.build(architecture, encoder: $0)
    }
    let embedding = Embedding(image: outputs["neck"]!, early: architecture.isHighQuality ? outputs[early] : nil)
    return (embedding, outputs)
  }

  /// All masks before any is chosen.
  /// - Returns: `masks` [objects, 4 or 5, 256, 256] logits, `iou` [objects, 4], and the taps asked for.
  public func decode(
    _ embedding: Embedding, _ prompts: PromptBatch, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let batch = prompts.objects.count
    let count = prompts.objects.first?.count ?? 0
    guard batch > 0, count > 0, prompts.objects.allSatisfy({ $0.count == count }) else {
      throw NeuralError(.badTensor, "prompts of one batch differ in their number of points")
    }
    let points = prompts.objects.joined()
    let side = Double(SamArchitecture.side)
    var inputs = ["image_embedding": embedding.image]
    inputs["points"] = NeuralTensor(
      points.flatMap { [$0.x, $0.y].map { Float(($0 + 0.5) / side) * 2 - 1 } }, [batch, count, 2])
    inputs["kinds"] = NeuralTensor(
      points.flatMap { point in (0..<SamDecoderGraph.promptKinds).map { $0 == point.kind.rawValue ? 1 : 0 } },
      [batch, count, SamDecoderGraph.promptKinds])
    inputs["mask"] = prompts.mask
    if architecture.isHighQuality { inputs["interm_embedding"] = embedding.early }
    let graph = SamDecoderGraph(architecture: architecture, batch: batch, hasMask: prompts.mask != nil)
    let key = "mask decoder for \(batch)" + (graph.hasMask ? " with masks" : "")
    return try network.run(key, inputs, taps: taps) { graph.build($0) }
  }

  /// Position codes of the grid's cells, [1, 256, 64, 64].
  public func gridCode() throws -> NeuralTensor {
    // The runtime wants an input to compute anything from.
    try network.run("grid code", ["zero": NeuralTensor([0], [1])]) { graph in
      let code = SamDecoderGraph(architecture: architecture, batch: 1, hasMask: false).gridCode(graph)
      graph.output("dense_pe", code + graph.input("zero", [1]))
    }["dense_pe"]!
  }
}
