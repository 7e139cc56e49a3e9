import Foundation
import NeuralGraph
import NeuralRuntime

/// SiamMask's parts with their weights. Safe from any thread.
public struct SiamMaskNetwork: Sendable {
  public let network: NeuralNetwork

  public static let maskSide = SiamMaskGraph.outputSide

  /// The sigmoid.
  public static func odds(_ logit: Float) -> Float { 1 / (1 + exp(-logit)) }

  /// What the network remembers of the target: a kernel for each head.
  public struct Template: Sendable {
    let kernels: [String: NeuralTensor]
  }

  /// What it sees in a search picture.
  public struct Answer: Sendable {
    /// [1, 10, rows, columns]: background and target of five anchors.
    public let scores: NeuralTensor
    /// [1, 20, rows, columns]: dx, dy, dw, dh of five anchors.
    public let boxes: NeuralTensor
    /// [1, 256, rows, columns].
    public let maskCorrelation: NeuralTensor
    /// p0, p1, p2.
    let levels: [NeuralTensor]
    /// The taps asked for.
    public let taps: [String: NeuralTensor]
  }

  /// - Throws: `GraphError` where the weights are not SiamMask's.
  public init(weights: NetworkWeights, runtime: NeuralRuntime, options: SessionOptions = .init()) throws {
    try Self.verify(weights)
    network = NeuralNetwork("SiamMask", weights: weights, runtime: runtime, options: options)
  }

  /// - Throws: `GraphError` with all that is missing, surplus or misshapen.
  public static func verify(_ weights: NetworkWeights) throws(GraphError) {
    let graphs = (0..<4).map { _ in GraphBuilder("SiamMask", weights: weights) }
    SiamMaskGraph.template(graphs[0], side: 127)
    SiamMaskGraph.search(graphs[1], side: 255, kernel: [1, 256, 5, 5])
    SiamMaskGraph.refinement(graphs[2])
    SiamMaskGraph.maskHead(graphs[3], shape: [1, 256, 25, 25])
    try weights.verify("SiamMask", graphs)
  }

  /// - Parameter picture: [1, 3, 127, 127], levels 0…255.
  public func template(
    _ picture: NeuralTensor, taps: Set<String> = []
  ) throws -> (template: Template, taps: [String: NeuralTensor]) {
    let side = picture.shape[3]
    let outputs = try network.run("template \(side)", ["template": picture], taps: taps) {
      SiamMaskGraph.template($0, side: side)
    }
    return (Template(kernels: outputs.filter { SiamMaskGraph.heads.contains($0.key) }), outputs)
  }

  /// - Parameter picture: [1, 3, 255, 255], levels 0…255.
  public func search(_ picture: NeuralTensor, for template: Template, taps: Set<String> = []) throws -> Answer {
    let side = picture.shape[3]
    var inputs = ["search": picture]
    for (name, kernel) in template.kernels { inputs[name + "_kernel"] = kernel }
    let shape = template.kernels["cls"]!.shape
    let outputs = try network.run("search \(side) for \(shape)", inputs, taps: taps.subtracting(["p0", "p1", "p2"])) {
      SiamMaskGraph.search($0, side: side, kernel: shape)
    }
    return Answer(
      scores: outputs["cls"]!, boxes: outputs["loc"]!, maskCorrelation: outputs["mask_corr"]!,
      levels: (0..<3).map { outputs["p\($0)"]! }, taps: outputs)
  }

  /// The coarse masks of all cells.
  public func coarseMasks(_ answer: Answer) throws -> NeuralTensor {
    let shape = answer.maskCorrelation.shape
    return try network.run("mask head \(shape)", ["mask_corr": answer.maskCorrelation]) {
      SiamMaskGraph.maskHead($0, shape: shape)
    }["mask_head"]!
  }

  /// The refined mask at a cell of the grid.
  /// - Returns: `mask` [1, 127 * 127] before the sigmoid, and the taps asked for.
  public func refine(
    _ answer: Answer, row: Int, column: Int, taps: Set<String> = []
  ) throws -> [String: NeuralTensor] {
    var inputs: [String: NeuralTensor] = [:]
    for (level, side) in SiamMaskGraph.windowSides.enumerated() {
      let step = 4 >> level
      inputs["p\(level)"] = answer.levels[level].window(
        row: step * (row - 4), column: step * (column - 4), side: side)
    }
    inputs["vector"] = answer.maskCorrelation.window(row: row, column: column, side: 1)
    return try network.run("refinement", inputs, taps: taps) { SiamMaskGraph.refinement($0) }
  }
}

extension NeuralTensor {
  /// A square of a [1, channels, height, width] tensor, zero outside.
  func window(row: Int, column: Int, side: Int) -> NeuralTensor {
    let (channels, height, width) = (shape[1], shape[2], shape[3])
    let columns = max(0, column)..<max(max(0, column), min(width, column + side))
    return withFloats { source in
      NeuralTensor([1, channels, side, side]) { out in
        for channel in 0..<channels {
          for y in max(0, row)..<max(max(0, row), min(height, row + side)) {
            let from = (channel * height + y) * width
            let to = (channel * side + y - row) * side - column
            for x in columns { out[to + x] = source[from + x] }
          }
        }
      }
    }
  }
}
