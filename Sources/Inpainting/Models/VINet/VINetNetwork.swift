import NeuralGraph
import NeuralRuntime

/// VINet's parts with their weights. Safe from any thread.
public struct VINetNetwork: Sendable {
  public let network: NeuralNetwork
  public let settings: VINetSettings

  /// - Throws: `GraphError` where the weights are not VINet's.
  public init(
    weights: NetworkWeights, settings: VINetSettings = .init(), runtime: NeuralRuntime,
    options: SessionOptions = .init()
  ) throws {
    try Self.verify(weights)
    self.settings = settings
    var options = options
    options.keepsMemory = false
    network = NeuralNetwork("VINet", weights: weights, runtime: runtime, options: options)
  }

  /// The same network under other settings.
  public init(_ other: VINetNetwork, settings: VINetSettings) {
    network = other.network
    self.settings = settings
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  public static func verify(_ weights: NetworkWeights) throws(GraphError) {
    let graphs = (0..<5).map { _ in GraphBuilder("VINet", weights: weights) }
    let sizes = [[32, 32], [64, 64], [128, 128]]
    VINetGraph.encoder(graphs[0], reference: true, doubleSize: true, height: 512, width: 512)
    VINetGraph.encoder(graphs[1], reference: false, doubleSize: true, height: 512, width: 512)
    VINetGraph.alignment(graphs[2], alignCorners: true, sizes: sizes)
    VINetGraph.fusion(graphs[3], doubleSize: true, sizes: sizes)
    VINetGraph.settling(graphs[4], doubleSize: true, size: [256, 256], pictureSize: [512, 512])
    try weights.verify("VINet", graphs)
  }

  private static let levels = VINetGraph.levels.map(\.name)

  // MARK: Parts

  /// Features of a feed, by the names of their levels.
  public struct Features: Sendable {
    public let levels: [String: NeuralTensor]

    fileprivate var sizes: [[Int]] { VINetNetwork.levels.map { Array(levels[$0]!.shape[2...]) } }
  }

  /// - Parameter feed: [1, 5, height, width], colours in -1…1 with the hole at 0, ones, and the mask.
  /// - Parameter reference: whether it is the frame to be filled, which has an encoder of its own.
  public func encode(_ feed: NeuralTensor, reference: Bool) throws -> Features {
    let (height, width, doubleSize) = (feed.shape[2], feed.shape[3], settings.doubleSize)
    let key = "encoder \(reference ? 1 : 2) \(height)x\(width) \(doubleSize)"
    return Features(
      levels: try network.run(key, ["feed": feed]) {
        VINetGraph.encoder($0, reference: reference, doubleSize: doubleSize, height: height, width: width)
      })
  }

  /// Another frame in the reference's place: `warped_32`, `warped_64`, `warped_128`, `flow_128`, and the taps asked for.
  public func align(
    _ other: Features, to reference: Features, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let (sizes, alignCorners) = (reference.sizes, settings.alignsCorners)
    var inputs: [String: NeuralTensor] = [:]
    for level in Self.levels {
      inputs["reference_" + level] = reference.levels[level]
      inputs["other_" + level] = other.levels[level]
    }
    return try network.run("alignment \(sizes) \(alignCorners)", inputs, taps: taps) {
      VINetGraph.alignment($0, alignCorners: alignCorners, sizes: sizes)
    }
  }

  /// The recurrent state: two maps [1, 128, height / 16, width / 16] (of a crop of 512).
  public struct State: Sendable {
    public let hidden: NeuralTensor
    public let cell: NeuralTensor

    public init(hidden: NeuralTensor, cell: NeuralTensor) {
      self.hidden = hidden
      self.cell = cell
    }
  }

  /// All frames together: `decoded`, `hidden`, `cell`, and the taps asked for.
  /// - Parameter state: zeros where nil.
  public func fuse(
    _ aligned: [[String: NeuralTensor]], _ reference: Features, state: State?, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let (sizes, doubleSize) = (reference.sizes, settings.doubleSize)
    let empty = NeuralTensor(repeating: 0, reference.levels["32"]!.shape)
    var inputs = ["hidden_before": state?.hidden ?? empty, "cell_before": state?.cell ?? empty]
    for level in Self.levels {
      inputs["reference_" + level] = reference.levels[level]
      for (index, parts) in aligned.enumerated() { inputs["warped\(index)_\(level)"] = parts["warped_" + level] }
    }
    return try network.run("fusion \(sizes) \(doubleSize)", inputs, taps: taps) {
      VINetGraph.fusion($0, doubleSize: doubleSize, sizes: sizes)
    }
  }

  /// The decoded picture with what the previous output shows better: `output`, `flow`, and the taps asked for.
  public func settle(
    _ decoded: NeuralTensor, reference: Features, previous: NeuralTensor, features: Features, flow: NeuralTensor,
    taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let inputs = [
      "reference_256": reference.levels["256"]!, "other_256": features.levels["256"]!, "flow_128": flow,
      "previous": previous, "decoded": decoded,
    ]
    let size = Array(reference.levels["256"]!.shape[2...])
    let (pictureSize, doubleSize) = (Array(decoded.shape[2...]), settings.doubleSize)
    return try network.run("settling \(size) \(doubleSize)", inputs, taps: taps) {
      VINetGraph.settling($0, doubleSize: doubleSize, size: size, pictureSize: pictureSize)
    }
  }

  // MARK: Parts alone

  /// The mean products of two maps with displacements of up to four pixels: [1, 81, height, width].
  public func correlation(_ a: NeuralTensor, _ b: NeuralTensor) throws -> NeuralTensor {
    try network.run("correlation \(a.shape)", ["a": a, "b": b]) {
      VINetGraph.correlation($0, shape: a.shape)
    }["correlation"]!
  }

  /// `x` read where `flow` points by each of the warps: `warp_align_false`, `warp_align_true`, `resample2d`.
  public func warps(_ x: NeuralTensor, flow: NeuralTensor) throws -> [String: NeuralTensor] {
    try network.run("warps \(x.shape)", ["x": x, "flow": flow]) { VINetGraph.warps($0, shape: x.shape) }
  }

  /// The recurrent cell alone.
  public func remember(_ x: NeuralTensor, _ state: State) throws -> State {
    let size = Array(x.shape[2...])
    let inputs = ["x": x, "hidden_before": state.hidden, "cell_before": state.cell]
    let outputs = try network.run("memory \(size)", inputs) { VINetGraph.memory($0, size: size) }
    return State(hidden: outputs["hidden"]!, cell: outputs["cell"]!)
  }
}

/// How VINet's weights were trained, and how it goes through a clip.
public struct VINetSettings: Sendable, Equatable {
  /// Sides of the square that frames are resized to: 512, or 256 for the smaller weights.
  public var crop = 512
  /// Whether the encoders halve their feed, as the weights for 512 do.
  public var doubleSize = true
  /// The convention of the feature warps: on as with the PyTorch that the weights were trained with.
  public var alignsCorners = true
  /// Frames between those that are looked at together.
  public var stride = 3
  /// Frames run in reverse before the first, so that it too has a past.
  public var preRun = 30

  public init() {}

  /// The weights that were trained at 256x256.
  public static var crop256: VINetSettings {
    var settings = VINetSettings()
    settings.crop = 256
    settings.doubleSize = false
    return settings
  }
}
