import NeuralGraph
import NeuralRuntime

/// Softmax attention to a memory that is handed over block by block, so that only one block's scores are held at a time
/// (Milakov and Gimelshein 2018: "Online normalizer calculation for softmax").
struct StreamedAttention: Sendable {
  let network: NeuralNetwork
  let heads: Int

  /// What the blocks so far gave: the greatest score of each query, and relative to it the sum of all weights and of all
  /// weighted values.
  struct Drawn: Sendable {
    /// [queries, heads].
    var peak: NeuralTensor
    var sum: NeuralTensor
    /// [queries, width], the heads side by side.
    var out: NeuralTensor
  }

  /// - Parameters:
  ///   - queries: [queries, key].
  ///   - memory: blocks of a key [elements, key] and values [elements, …], which are set side by side.
  func draw(_ queries: NeuralTensor, from memory: [DeAOTNetwork.LayerMemory]) throws -> Drawn {
    let (count, keySize) = (queries.shape[0], queries.shape[1])
    let widths = memory.first?.values.map { $0.shape[1] } ?? []
    var drawn = Drawn(
      peak: NeuralTensor(repeating: -1e30, [count, heads]), sum: NeuralTensor(repeating: 0, [count, heads]),
      out: NeuralTensor(repeating: 0, [count, widths.reduce(0, +)]))
    for block in memory {
      var inputs = ["queries": queries, "key": block.key, "peak": drawn.peak, "sum": drawn.sum, "out": drawn.out]
      for (index, value) in block.values.enumerated() { inputs["value\(index)"] = value }
      let outputs = try network.run("attention of \(count) by \(keySize) to \(widths)", inputs) { graph in
        step(graph, count: count, keySize: keySize, widths: widths)
      }
      drawn = Drawn(peak: outputs["peak_out"]!, sum: outputs["sum_out"]!, out: outputs["out_out"]!)
    }
    return drawn
  }

  private func step(_ graph: GraphBuilder, count: Int, keySize: Int, widths: [Int]) {
    let elements = graph.dimension("elements")
    let scale = 1 / Float(keySize / heads).squareRoot()
    let queries = (graph.input("queries", [count, keySize]) * scale).split(1, into: heads)
    let keys = graph.input("key", [elements, keySize]).split(1, into: heads)
    let values = graph.concat(widths.enumerated().map { graph.input("value\($0)", [elements, $1]) }, 1)
      .split(1, into: heads)
    let peaks = graph.input("peak", [count, heads]).split(1, into: heads)
    let sums = graph.input("sum", [count, heads]).split(1, into: heads)
    let outs = graph.input("out", [count, widths.reduce(0, +)]).split(1, into: heads)
    let drawn = (0..<heads).map { head in
      let scores = queries[head].matmul(keys[head].transposed)
      let peak = peaks[head].maximum(scores.max([1]))
      let weights = (scores - peak).exp()
      let fade = (peaks[head] - peak).exp()
      return [peak, sums[head] * fade + weights.sum([1]), outs[head] * fade + weights.matmul(values[head])]
    }
    for (index, name) in ["peak_out", "sum_out", "out_out"].enumerated() {
      graph.output(name, graph.concat(drawn.map { $0[index] }, 1))
    }
  }

  /// The inputs `long_out` [queries, width] and `long_sum` [queries, heads] of a graph as what was drawn.
  static func normalised(_ graph: GraphBuilder, _ queries: Int, heads: Int, width: Int) -> Value {
    let out = graph.input("long_out", [queries, width])
    let sum = graph.input("long_sum", [queries, heads])
    if heads == 1 { return out / sum }
    return (out.reshape([queries, heads, width / heads]) / sum.reshape([queries, heads, 1])).reshape([queries, width])
  }
}
