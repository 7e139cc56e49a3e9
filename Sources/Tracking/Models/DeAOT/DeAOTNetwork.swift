import NeuralGraph
import NeuralRuntime

/// The parts of a DeAOT or an AOT with their weights. Safe from any thread.
public struct DeAOTNetwork: Sendable {
  public let network: NeuralNetwork
  public let sizes: DeAOTSizes
  private let attention: StreamedAttention
  private let graph: DeAOTGraph
  private let propagation: any PropagationLayers

  /// A picture's features.
  public struct Features: Sendable {
    /// [1, channels, rows, columns] at a quarter, an eighth and a sixteenth of the picture.
    public let levels: [NeuralTensor]
    /// [1, width, rows, columns].
    public let projected: NeuralTensor
    /// [positions, width].
    public let tokens: NeuralTensor
    /// The taps asked for.
    public let taps: [String: NeuralTensor]

    public var rows: Int { projected.shape[2] }
    public var columns: Int { projected.shape[3] }
  }

  /// What a layer remembers of a frame.
  public struct LayerMemory: Sendable {
    /// [positions, key].
    public let key: NeuralTensor
    /// [positions, value] each: what is seen and whose it is, or both in one.
    public let values: [NeuralTensor]

    public init(key: NeuralTensor, values: [NeuralTensor]) {
      self.key = key
      self.values = values
    }
  }

  /// What layers draw on.
  public enum Source: Sendable {
    /// A frame whose identities [positions, width] are given: each layer's memory is the frame itself.
    case own(embedding: NeuralTensor)
    /// For each layer the blocks of the long-term memory, and the short-term one.
    case memory(long: [[LayerMemory]], short: [LayerMemory])
  }

  /// A frame carried through all layers.
  public struct Propagated: Sendable {
    /// [positions, final channels].
    public let final: NeuralTensor
    public let layers: [Layer]

    public struct Layer: Sendable {
      /// [positions, key].
      public let key: NeuralTensor
      /// [positions, value], what is seen; none where identities are added to it.
      public let value: NeuralTensor?
      /// [positions, width], what identities are added to; none in the first layer of gated ones.
      public let identityIn: NeuralTensor?
      /// The memory itself where the source was the frame.
      public let own: LayerMemory?
      /// `tokens_out`, in gated layers `identity_out`, and the taps asked for.
      public let taps: [String: NeuralTensor]
    }
  }

  /// - Throws: `GraphError` where the weights are not DeAOT's.
  public init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init()) throws {
    try Self.verify(weights)
    sizes = DeAOTSizes(weights)
    graph = DeAOTGraph(sizes: sizes)
    network = NeuralNetwork(
      "DeAOT", weights: weights, runtime: runtime, options: options, partLimit: 8 + 3 * sizes.layers)
    propagation = Self.layers(sizes)
    attention = StreamedAttention(network: network, heads: sizes.heads)
  }

  private static func layers(_ sizes: DeAOTSizes) -> any PropagationLayers {
    switch sizes.propagation {
    case .gated: GatedPropagation(sizes: sizes)
    case .transformer(let heads): TransformerPropagation(sizes: sizes, heads: heads)
    }
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  public static func verify(_ weights: NetworkWeights) throws(GraphError) {
    let parts = DeAOTGraph(sizes: DeAOTSizes(weights))
    let layers = layers(parts.sizes)
    var builds: [(GraphBuilder) -> Void] = [
      { parts.encode($0, height: 65, width: 65) }, { parts.identify($0, height: 65, width: 65) },
      { layers.finish($0, positions: 25) },
      { parts.decode($0, shapes: zip(parts.sizes.channels, [17, 9, 5]).map { [1, $0, $1, $1] }) },
    ]
    for layer in 0..<parts.sizes.layers {
      builds += [
        { layers.project($0, layer: layer, rows: 5, columns: 5) }, { layers.fuse($0, layer: layer, positions: 25) },
        { layers.propagate($0, layer: layer, rows: 5, columns: 5) },
      ]
    }
    let graphs = builds.map { build in
      let graph = GraphBuilder("DeAOT", weights: weights)
      build(graph)
      return graph
    }
    try weights.verify("DeAOT", graphs, ignoring: ["LSTT.mask_token"])
  }

  // MARK: Pictures and labels

  /// - Parameter image: [1, 3, height, width], normalised, sides 16 k + 1.
  public func encode(_ image: NeuralTensor, taps: Set<String> = []) throws -> Features {
    let (height, width) = (image.shape[2], image.shape[3])
    let outputs = try network.run("encode \(height)x\(width)", ["image": image], taps: taps) {
      graph.encode($0, height: height, width: width)
    }
    return Features(
      levels: ["f4", "f8", "f16"].map { outputs[$0]! }, projected: outputs["projected"]!, tokens: outputs["tokens"]!,
      taps: outputs)
  }

  /// The embedding [positions, width] of `planes` [1, 1 + objects, height, width], 1 where a pixel has that identity.
  public func identify(_ planes: NeuralTensor) throws -> NeuralTensor {
    let (height, width) = (planes.shape[2], planes.shape[3])
    return try network.run("identify \(height)x\(width)", ["planes": planes]) {
      graph.identify($0, height: height, width: width)
    }["tokens"]!
  }

  // MARK: Propagation

  /// - Parameters:
  ///   - tokens: [rows * columns, width].
  ///   - taps: of each layer: `long`, `short`, `self`.
  public func propagate(
    _ tokens: NeuralTensor, rows: Int, columns: Int, from source: Source, taps: Set<String> = []
  ) throws -> Propagated {
    var state = ["tokens": tokens]
    var layers: [Propagated.Layer] = []
    for index in 0..<sizes.layers {
      let layer = try carried(state, layer: index, (rows, columns), from: source, taps: taps)
      state = ["tokens": layer.taps["tokens_out"]!]
      state["identity"] = layer.taps["identity_out"]
      layers.append(layer)
    }
    if sizes.propagation != .gated {
      state = Dictionary(uniqueKeysWithValues: layers.enumerated().map { ("tokens\($0)", $1.taps["tokens_out"]!) })
    }
    let final = try network.run("finish \(rows * columns)", state) {
      propagation.finish($0, positions: rows * columns)
    }["final"]!
    return Propagated(final: final, layers: layers)
  }

  private func carried(
    _ state: [String: NeuralTensor], layer: Int, _ grid: (rows: Int, columns: Int), from source: Source,
    taps: Set<String>
  ) throws -> Propagated.Layer {
    var inputs = try network.run("project \(layer) of \(grid)", state) {
      propagation.project($0, layer: layer, rows: grid.rows, columns: grid.columns)
    }
    let key = inputs["query"]!
    let (value, identityIn) = (inputs.removeValue(forKey: "value"), inputs.removeValue(forKey: "identity_in"))
    var own: LayerMemory?
    let (long, short): ([LayerMemory], LayerMemory)
    switch source {
    case .own(let embedding):
      let identity = try fused(identityIn, with: embedding, layer: layer)
      let memory = LayerMemory(key: key, values: [value, identity].compactMap { $0 })
      (own, long, short) = (memory, [memory], memory)
    case .memory(let all, let newest): (long, short) = (all[layer], newest[layer])
    }
    // Attention among a frame's own tokens comes first in transformers, last in gated layers.
    if inputs["tokens_attended"] == nil { inputs.merge(state) { $1 } }
    let drawn = try attention.draw(key, from: long)
    inputs.merge(["long_sum": drawn.sum, "long_out": drawn.out, "key": short.key]) { $1 }
    for (index, value) in short.values.enumerated() { inputs["value\(index)"] = value }
    let outputs = try network.run("propagate \(layer) of \(grid)", inputs, taps: taps) {
      propagation.propagate($0, layer: layer, rows: grid.rows, columns: grid.columns)
    }
    return .init(key: key, value: value, identityIn: identityIn, own: own, taps: outputs)
  }

  /// What a layer keeps of a frame once its identities are known.
  /// - Parameter embedding: [positions, width].
  public func memory(
    of layer: Propagated.Layer, _ index: Int, with embedding: NeuralTensor
  ) throws -> LayerMemory {
    let identity = try fused(layer.identityIn, with: embedding, layer: index)
    return LayerMemory(key: layer.key, values: [layer.value, identity].compactMap { $0 })
  }

  private func fused(_ identityIn: NeuralTensor?, with embedding: NeuralTensor, layer: Int) throws -> NeuralTensor {
    var inputs = ["embedding": embedding]
    inputs["identity_in"] = identityIn
    let positions = embedding.shape[0]
    return try network.run("fuse \(layer) of \(positions)", inputs) {
      propagation.fuse($0, layer: layer, positions: positions)
    }["value"]!
  }

  // MARK: Decoder

  /// `logits` [1, 1 + objects, rows, columns] at a quarter of the picture, and the taps asked for.
  /// - Parameters:
  ///   - final: [positions, final channels].
  ///   - levels, projected: as in `Features`.
  public func decode(
    _ final: NeuralTensor, levels: [NeuralTensor], projected: NeuralTensor, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let shapes = levels.map(\.shape)
    var inputs = ["final": final, "f4": levels[0], "f8": levels[1], "f16": levels[2]]
    if sizes.propagation != .gated { inputs["projected"] = projected }
    return try network.run("decode \(shapes)", inputs, taps: taps) { graph.decode($0, shapes: shapes) }
  }
}

/// The graphs of a propagation's layers. Tokens are [positions, channels].
protocol PropagationLayers: Sendable {
  func project(_ graph: GraphBuilder, layer: Int, rows: Int, columns: Int)
  func fuse(_ graph: GraphBuilder, layer: Int, positions: Int)
  func propagate(_ graph: GraphBuilder, layer: Int, rows: Int, columns: Int)
  func finish(_ graph: GraphBuilder, positions: Int)
}

extension GatedPropagation: PropagationLayers {}
extension TransformerPropagation: PropagationLayers {}
