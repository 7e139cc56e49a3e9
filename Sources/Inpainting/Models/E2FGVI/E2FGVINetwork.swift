import NeuralGraph
import NeuralRuntime

/// Which of the released generators the weights are.
public enum E2FGVIVariant: Sendable, Equatable {
  /// E2FGVI, bound to 432x240 by a learned map.
  case fixed
  /// E2FGVI-HQ, for any size that divides by 108x60.
  case anySize
}

/// E2FGVI's parts with their weights. Safe from any thread.
///
/// Frames are [1, 3, height, width] in -1…1, red first, with the hole at 0; sizes divide by 108x60.
public struct E2FGVINetwork: Sendable {
  public let network: NeuralNetwork
  public let variant: E2FGVIVariant

  /// The size that the `fixed` variant is bound to.
  public static let fixedSize = (width: 432, height: 240)
  /// Blocks of the transformer.
  public static let depth = E2FGVIGraph.depth
  /// What sizes must divide by.
  public static let step = (width: 108, height: 60)

  /// - Throws: `GraphError` where the weights are neither variant's.
  public init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init()) throws {
    variant = try Self.verify(weights)
    // Nineteen parts make a run; a pool for each would hold far more than any of them needs.
    var options = options
    options.keepsMemory = false
    network = NeuralNetwork("E2FGVI", weights: weights, runtime: runtime, options: options, partLimit: 20)
  }

  /// - Returns: the variant that the weights are.
  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  @discardableResult
  public static func verify(_ weights: NetworkWeights) throws(GraphError) -> E2FGVIVariant {
    let variant: E2FGVIVariant = weights.shape("sc.bias_conv.weight") == nil ? .fixed : .anySize
    let (height, width) = (fixedSize.height, fixedSize.width)
    let (rows, columns) = (height / 4, width / 4)
    var graphs: [GraphBuilder] = []
    func graph() -> GraphBuilder {
      graphs.append(GraphBuilder("E2FGVI", weights: weights))
      return graphs[graphs.count - 1]
    }
    E2FGVIGraph.encoder(graph(), height: height, width: width)
    E2FGVIGraph.flow(graph(), height: rows, width: columns)
    for branch in PropagationBranch.allCases { E2FGVIGraph.step(graph(), branch, height: rows, width: columns) }
    E2FGVIGraph.fusion(graph(), height: rows, width: columns)
    let grid = TokenGrid(height: rows, width: columns)
    E2FGVIGraph.softSplit(graph(), grid)
    for index in 0..<depth { E2FGVIGraph.block(graph(), grid, index: index) }
    E2FGVIGraph.softComposition(graph(), variant, grid, onto: true)
    E2FGVIGraph.decoder(graph(), height: rows, width: columns)
    try weights.verify(variant == .fixed ? "E2FGVI" : "E2FGVI-HQ", graphs)
    return variant
  }

  // MARK: A frame

  /// What a frame is to every window that it lies in.
  public struct EncodedFrame: Sendable {
    /// [1, 128, height / 4, width / 4].
    public let features: NeuralTensor
    /// The frame at a quarter of its size, 0…1.
    public let small: NeuralTensor
  }

  public func encode(_ frame: NeuralTensor) throws -> EncodedFrame {
    let (height, width) = (frame.shape[2], frame.shape[3])
    let small = try network.run("quarter \(height)x\(width)", ["frame": frame]) {
      E2FGVIGraph.quarter($0, height: height, width: width)
    }
    return EncodedFrame(features: try encoder(frame)["features"]!, small: small["small"]!)
  }

  /// `features` and the taps asked for, `enc0`…`enc17`.
  public func encoder(_ frame: NeuralTensor, taps: Set<String> = []) throws -> [String: NeuralTensor] {
    let (height, width) = (frame.shape[2], frame.shape[3])
    return try network.run("encoder \(height)x\(width)", ["frame": frame], taps: taps) {
      E2FGVIGraph.encoder($0, height: height, width: width)
    }
  }

  /// Features -> `frame` before tanh and `picture` after it, [1, 3, 4 height, 4 width].
  public func decoder(_ features: NeuralTensor, outputs: [String]? = nil) throws -> [String: NeuralTensor] {
    let (height, width) = (features.shape[2], features.shape[3])
    return try network.run("decoder \(height)x\(width)", ["features": features], outputs: outputs) {
      E2FGVIGraph.decoder($0, height: height, width: width)
    }
  }

  // MARK: Flow

  /// The flow from one picture in 0…1 to another: `flow` [1, 2, height, width], (x, y) in pixels, and the taps asked for.
  public func flow(
    from first: NeuralTensor, to second: NeuralTensor, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let (height, width) = (first.shape[2], first.shape[3])
    return try network.run("flow \(height)x\(width)", ["ref": first, "supp": second], taps: taps) {
      E2FGVIGraph.flow($0, height: height, width: width)
    }
  }

  /// Features read where `flow` points: `zeros` outside, and `border`.
  public func warp(_ features: NeuralTensor, flow: NeuralTensor) throws -> [String: NeuralTensor] {
    let (channels, height, width) = (features.shape[1], features.shape[2], features.shape[3])
    return try network.run("warp \(channels)x\(height)x\(width)", ["features": features, "flow": flow]) {
      E2FGVIGraph.warp($0, channels: channels, height: height, width: width)
    }
  }

  // MARK: Transformer

  /// One block: tokens [1, frames, rows, columns, 512] -> `block`, and the taps asked for.
  public func block(
    _ index: Int, _ tokens: NeuralTensor, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    let grid = TokenGrid(rows: tokens.shape[2], columns: tokens.shape[3])
    return try network.run("block \(index) \(grid.height)x\(grid.width)", ["tokens": tokens], taps: taps) {
      E2FGVIGraph.block($0, grid, index: index)
    }
  }

  /// Features [frames, 128, height, width] -> tokens [1, frames, rows, columns, 512].
  public func softSplit(_ features: NeuralTensor) throws -> NeuralTensor {
    let grid = TokenGrid(height: features.shape[2], width: features.shape[3])
    return try network.run("split \(grid.height)x\(grid.width)", ["features": features]) {
      E2FGVIGraph.softSplit($0, grid)
    }["tokens"]!
  }

  /// Tokens [1, frames, rows, columns, 512] -> features of the size given.
  public func softComposition(_ tokens: NeuralTensor, height: Int, width: Int) throws -> NeuralTensor {
    let grid = TokenGrid(height: height, width: width)
    return try network.run("composition \(height)x\(width)", ["tokens": tokens]) {
      E2FGVIGraph.softComposition($0, variant, grid, onto: false)
    }["composed"]!
  }

  /// The same, added to `features`.
  public func softComposition(_ tokens: NeuralTensor, onto features: NeuralTensor) throws -> NeuralTensor {
    let grid = TokenGrid(height: features.shape[2], width: features.shape[3])
    let inputs = ["tokens": tokens, "features": features]
    return try network.run("composition onto \(grid.height)x\(grid.width)", inputs) {
      E2FGVIGraph.softComposition($0, variant, grid, onto: true)
    }["transformed"]!
  }
}
