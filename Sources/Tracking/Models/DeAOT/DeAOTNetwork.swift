import NeuralGraph
import NeuralRuntime

/// DeAOT's parts with their weights. Safe from any thread.
public struct DeAOTNetwork: Sendable {
  public let network: NeuralNetwork
  public let sizes: DeAOTSizes
  let attention: StreamedAttention
  private let graph: DeAOTGraph

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
    /// [positions, value] each: what is seen, and whose it is.
    public let value: NeuralTensor
    public let identity: NeuralTensor

    public init(key: NeuralTensor, value: NeuralTensor, identity: NeuralTensor) {
      self.key = key
      self.value = value
      self.identity = identity
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
    /// [positions, 2 * width].
    public let final: NeuralTensor
    public let layers: [Layer]

    public struct Layer: Sendable {
      /// [positions, key].
      public let key: NeuralTensor
      /// [positions, value].
      public let value: NeuralTensor
      /// [positions, width]; none in the first layer.
      public let identityIn: NeuralTensor?
      /// The memory itself where the source was the frame.
      public let own: LayerMemory?
      /// `tokens_out`, `identity_out` and the taps asked for.
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
    attention = StreamedAttention(network: network)
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  public static func verify(_ weights: NetworkWeights) throws(GraphError) {
    let parts = DeAOTGraph(sizes: DeAOTSizes(weights))
    var builds: [(GraphBuilder) -> Void] = [
      { parts.encode($0, height: 65, width: 65) }, { parts.identify($0, height: 65, width: 65) },
      { parts.finish($0, positions: 25) },
      { parts.decode($0, shapes: zip(parts.sizes.channels, [17, 9, 5]).map { [1, $0, $1, $1] }) },
    ]
    for layer in 0..<parts.sizes.layers {
      builds += [
        { parts.project($0, layer: layer, positions: 25) }, { parts.fuse($0, layer: layer, positions: 25) },
        { parts.propagate($0, layer: layer, rows: 5, columns: 5) },
      ]
    }
    let graphs = builds.map { build in
      let graph = GraphBuilder("DeAOT", weights: weights)
      build(graph)
      return graph
    }
    try weights.verify("DeAOT", graphs)
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
      state = ["tokens": layer.taps["tokens_out"]!, "identity": layer.taps["identity_out"]!]
      layers.append(layer)
    }
    let final = try network.run("finish \(rows * columns)", state) {
      graph.finish($0, positions: rows * columns)
    }["final"]!
    return Propagated(final: final, layers: layers)
  }

  private func carried(
    _ state: [String: NeuralTensor], layer: Int, _ grid: (rows: Int, columns: Int), from source: Source,
    taps: Set<String>
  ) throws -> Propagated.Layer {
    let positions = grid.rows * grid.columns
    let projected = try network.run("project \(layer) of \(positions)", state) {
      graph.project($0, layer: layer, positions: positions)
    }
    let (key, value, identityIn) = (projected["query"]!, projected["value"]!, projected["identity_in"])
    var own: LayerMemory?
    let (long, short): ([LayerMemory], LayerMemory)
    switch source {
    case .own(let embedding):
      let identity = try fused(identityIn, with: embedding, layer: layer)
      let memory = LayerMemory(key: key, value: value, identity: identity)
      (own, long, short) = (memory, [memory], memory)
    case .memory(let all, let newest): (long, short) = (all[layer], newest[layer])
    }
    let drawn = try attention.draw(key, from: long.map { ($0.key, [$0.value, $0.identity]) })
    let inputs = state.merging([
      "query": key, "gate": projected["gate"]!, "long_sum": drawn.sum, "long_out": drawn.out, "key": short.key,
      "value": short.value, "identity_value": short.identity,
    ]) { $1 }
    let outputs = try network.run("propagate \(layer) of \(grid.rows)x\(grid.columns)", inputs, taps: taps) {
      graph.propagate($0, layer: layer, rows: grid.rows, columns: grid.columns)
    }
    return .init(key: key, value: value, identityIn: identityIn, own: own, taps: outputs)
  }

  /// The identity value [positions, value] that a layer keeps of a frame, once its identities are known.
  public func fused(_ identityIn: NeuralTensor?, with embedding: NeuralTensor, layer: Int) throws -> NeuralTensor {
    var inputs = ["embedding": embedding]
    inputs["identity_in"] = identityIn
    let positions = embedding.shape[0]
    return try network.run("fuse \(layer) of \(positions)", inputs) {
      graph.fuse($0, layer: layer, positions: positions)
    }["value"]!
  }

  // MARK: Decoder

  /// `logits` [1, 1 + objects, rows, columns] at a quarter of the picture, and the taps asked for.
  /// - Parameters:
  ///   - final: [positions, 2 * width].
  ///   - levels: as in `Features`.
  public func decode(
    _ final: NeuralTensor, levels: [NeuralTensor], taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let shapes = levels.map(\.shape)
    let inputs = ["final": final, "f4": levels[0], "f8": levels[1], "f16": levels[2]]
    return try network.run("decode \(shapes)", inputs, taps: taps) { graph.decode($0, shapes: shapes) }
  }
}
