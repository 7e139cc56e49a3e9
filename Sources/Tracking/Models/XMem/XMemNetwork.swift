import NeuralGraph
import NeuralRuntime

/// XMem's parts with their weights. Safe from any thread.
public struct XMemNetwork: Sendable {
  public let network: NeuralNetwork
  public let sizes: XMemSizes
  private let graph: XMemGraph

  /// A picture's features, computed once.
  public struct Features: Sendable {
    /// [1, key, rows, columns].
    public let key: NeuralTensor
    /// [1, 1, rows, columns], at least 1.
    public let shrinkage: NeuralTensor
    /// [1, key, rows, columns], 0…1.
    public let selection: NeuralTensor
    public let levels: Levels
    /// The taps asked for.
    public let taps: [String: NeuralTensor]

    public var rows: Int { key.shape[2] }
    public var columns: Int { key.shape[3] }
  }

  /// The key encoder's stages, at a quarter, an eighth and a sixteenth of the picture's sides.
  public struct Levels: Sendable {
    public let f4: NeuralTensor
    public let f8: NeuralTensor
    public let f16: NeuralTensor

    public init(f4: NeuralTensor, f8: NeuralTensor, f16: NeuralTensor) {
      self.f4 = f4
      self.f8 = f8
      self.f16 = f16
    }
  }

  /// The decoder's answer for one object.
  public struct Decoded: Sendable {
    /// [1, 1, 4 * rows, 4 * columns].
    public let logits: NeuralTensor
    /// `g16`, `g8`, `g4` and the taps asked for.
    public let taps: [String: NeuralTensor]
  }

  /// What all objects share when they are decoded or encoded.
  public struct Context: Sendable {
    let parts: [String: NeuralTensor]
  }

  /// - Throws: `GraphError` where the weights are not XMem's.
  public init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init()) throws {
    try Self.verify(weights)
    sizes = XMemSizes(weights)
    graph = XMemGraph(sizes: sizes)
    network = NeuralNetwork("XMem", weights: weights, runtime: runtime, options: options, partLimit: 12)
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  public static func verify(_ weights: NetworkWeights) throws(GraphError) {
    let parts = XMemGraph(sizes: XMemSizes(weights))
    let builds: [(GraphBuilder) -> Void] = [
      { parts.encodeKey($0, height: 64, width: 64) },
      { parts.valueContext($0, rows: 4, columns: 4) }, { parts.encodeValue($0, rows: 4, columns: 4) },
      { parts.reinforce($0, rows: 4, columns: 4) }, { parts.decoderContext($0, rows: 4, columns: 4) },
      { parts.decode($0, rows: 4, columns: 4) }, { parts.updateHidden($0, rows: 4, columns: 4) },
    ]
    let graphs = builds.map { build in
      let graph = GraphBuilder("XMem", weights: weights)
      build(graph)
      return graph
    }
    try weights.verify("XMem", graphs)
  }

  // MARK: Encoders

  /// - Parameter image: [1, 3, height, width], normalised, sides multiples of 16.
  public func encodeKey(_ image: NeuralTensor, taps: Set<String> = []) throws -> Features {
    let (height, width) = (image.shape[2], image.shape[3])
    let outputs = try network.run("key \(height)x\(width)", ["image": image], taps: taps) {
      graph.encodeKey($0, height: height, width: width)
    }
    return Features(
      key: outputs["key"]!, shrinkage: outputs["shrinkage"]!, selection: outputs["selection"]!,
      levels: Levels(f4: outputs["f4"]!, f8: outputs["f8"]!, f16: outputs["f16"]!), taps: outputs)
  }

  public func valueContext(f16: NeuralTensor) throws -> Context {
    let (rows, columns) = (f16.shape[2], f16.shape[3])
    return Context(
      parts: try network.run("value context \(rows)x\(columns)", ["f16": f16]) {
        graph.valueContext($0, rows: rows, columns: columns)
      })
  }

  /// One object's value: `value` [1, value, rows, columns], and the taps asked for.
  /// - Parameters:
  ///   - image: [1, 3, height, width].
  ///   - mask: [1, 2, height, width], the object's probability and the sum of the others'.
  public func encodeValue(
    _ image: NeuralTensor, mask: NeuralTensor, _ context: Context, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let (rows, columns) = (image.shape[2] / 16, image.shape[3] / 16)
    let planes = sizes.maskPlanes
    let own = planes == 1 ? mask.reshaped([2, 1] + mask.shape[2...]).slice(0..<1) : mask
    let inputs = context.parts.merging(["image": image, "masks": own]) { $1 }
    return try network.run("value \(rows)x\(columns)", inputs, taps: taps) {
      graph.encodeValue($0, rows: rows, columns: columns)
    }
  }

  /// The sensory memory [1, hidden, rows, columns] after `value` was written to the working memory.
  public func reinforced(_ hidden: NeuralTensor, by value: NeuralTensor) throws -> NeuralTensor {
    let (rows, columns) = (hidden.shape[2], hidden.shape[3])
    return try network.run("reinforce \(rows)x\(columns)", ["value": value, "hidden": hidden]) {
      graph.reinforce($0, rows: rows, columns: columns)
    }["hidden_out"]!
  }

  // MARK: Decoder

  public func decoderContext(_ levels: Levels) throws -> Context {
    let (rows, columns) = (levels.f16.shape[2], levels.f16.shape[3])
    let inputs = ["f4": levels.f4, "f8": levels.f8, "f16": levels.f16]
    return Context(
      parts: try network.run("decoder context \(rows)x\(columns)", inputs) {
        graph.decoderContext($0, rows: rows, columns: columns)
      })
  }

  /// - Parameters:
  ///   - readout: [1, value, rows, columns].
  ///   - hidden: [1, hidden, rows, columns].
  public func decode(
    readout: NeuralTensor, hidden: NeuralTensor, _ context: Context, taps: Set<String> = []
  ) throws -> Decoded {
    let (rows, columns) = (hidden.shape[2], hidden.shape[3])
    let inputs = context.parts.merging(["readout": readout, "hidden": hidden]) { $1 }
    let outputs = try network.run("decode \(rows)x\(columns)", inputs, taps: taps) {
      graph.decode($0, rows: rows, columns: columns)
    }
    return Decoded(logits: outputs["logits"]!, taps: outputs)
  }

  /// The sensory memory [1, hidden, rows, columns] after an ordinary frame.
  public func updated(_ hidden: NeuralTensor, by decoded: Decoded) throws -> NeuralTensor {
    let (rows, columns) = (hidden.shape[2], hidden.shape[3])
    var inputs = ["hidden": hidden, "logits": decoded.logits]
    for name in ["g16", "g8", "g4"] { inputs[name] = decoded.taps[name] }
    return try network.run("hidden update \(rows)x\(columns)", inputs) {
      graph.updateHidden($0, rows: rows, columns: columns)
    }["hidden_out"]!
  }
}
