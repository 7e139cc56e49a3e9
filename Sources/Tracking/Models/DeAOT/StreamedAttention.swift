import NeuralGraph
import NeuralRuntime

/// Softmax attention to a memory that is handed over block by block, so that only one block's scores are held at a time
/// (Milakov and Gimelshein 2018: "Online normalizer calculation for softmax").
struct StreamedAttention: Sendable {
  let network: NeuralNetwork

  /// What the blocks so far gave: the greatest score of each query, and relative to it the sum of all weights and of all
  /// weighted values.
  struct Drawn: Sendable {
    /// [queries, 1].
    var peak: NeuralTensor
    var sum: NeuralTensor
    /// [queries, width].
    var out: NeuralTensor
  }

  /// - Parameters:
  ///   - queries: [queries, key].
  ///   - memory: blocks of a key [elements, key] and values [elements, …], which are set side by side.
  func draw(_ queries: NeuralTensor, from memory: [(key: NeuralTensor, values: [NeuralTensor])]) throws -> Drawn {
    let (count, keySize) = (queries.shape[0], queries.shape[1])
    let widths = memory.first?.values.map { $0.shape[1] } ?? []
    var drawn = Drawn(
      peak: NeuralTensor(repeating: -1e30, [count, 1]), sum: NeuralTensor(repeating: 0, [count, 1]),
      out: NeuralTensor(repeating: 0, [count, widths.reduce(0, +)]))
    for block in memory {
      var inputs = ["queries": queries, "key": block.key, "peak": drawn.peak, "sum": drawn.sum, "out": drawn.out]
      for (index, value) in block.values.enumerated() { inputs["value\(index)"] = value }
      let outputs = try network.run("attention of \(count) by \(keySize) to \(widths)", inputs) { graph in
        Self.step(graph, count: count, keySize: keySize, widths: widths)
      }
      drawn = Drawn(peak: outputs["peak_out"]!, sum: outputs["sum_out"]!, out: outputs["out_out"]!)
    }
    return drawn
  }

  private static func step(_ graph: GraphBuilder, count: Int, keySize: Int, widths: [Int]) {
    let elements = graph.dimension("elements")
    let queries = graph.input("queries", [count, keySize]) / Float(keySize).squareRoot()
    let scores = queries.matmul(graph.input("key", [elements, keySize]).transposed)
    let before = graph.input("peak", [count, 1])
    let peak = before.maximum(scores.max([1]))
    let weights = (scores - peak).exp()
    let fade = (before - peak).exp()
    let values = graph.concat(widths.enumerated().map { graph.input("value\($0)", [elements, $1]) }, 1)
    graph.output("peak_out", peak)
    graph.output("sum_out", graph.input("sum", [count, 1]) * fade + weights.sum([1]))
    graph.output("out_out", graph.input("out", [count, widths.reduce(0, +)]) * fade + weights.matmul(values))
  }
}
