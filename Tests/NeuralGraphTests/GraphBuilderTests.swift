import NeuralGraph
import Testing

struct GraphBuilderTests {
  private func weights(_ shapes: [String: [Int]]) -> NetworkWeights {
    NetworkWeights(
      source: "test.pth",
      tensors: shapes.mapValues {
        NetworkWeights.Tensor(shape: $0, floats: .init(repeating: 1, count: $0.reduce(1, *)))
      })
  }

  @Test func allMisfitsAreListedAtOnce() throws {
    let weights = weights(["a.weight": [4, 3, 3, 3], "b.weight": [2], "c.weight": [1], "d.num_batches_tracked": []])
    let graph = GraphBuilder("net", weights: weights)
    let x = graph.input("x", [1, 3, 8, 8])
    let y = x.conv(WeightScope("a"), channels: 5, Window(3))
    graph.output("y", y.batchNorm(WeightScope("b")))
    let error = #expect(throws: GraphError.self) { try weights.verify("net", [graph]) }
    let problems = try #require(error).problems
    #expect(problems.contains { $0.contains("a.weight: is [4, 3, 3, 3], but the network needs [5, 3, 3, 3]") })
    #expect(problems.contains { $0.contains("a.bias: [5] is missing") })
    #expect(problems.contains { $0.contains("b.weight: is [2]") })
    #expect(problems.contains { $0.contains("b.running_var: [5] is missing") })
    #expect(problems.contains { $0.contains("c.weight: is in test.pth") })
    #expect(!problems.contains { $0.contains("num_batches_tracked") })
    #expect(throws: GraphError.self) { try graph.finish() }
  }

  @Test func surplusKeysMayBeKnown() throws {
    let weights = weights(["head.weight": [2, 2], "w": [2]])
    let graph = GraphBuilder("net", weights: weights)
    graph.output("y", graph.input("x", [2]) * graph.weight(WeightScope("w"), [2]))
    try weights.verify("net", [graph], ignoring: ["head."])
    #expect(throws: GraphError.self) { try weights.verify("net", [graph]) }
  }

  @Test func shapesAreReportedWithTheNearestKey() {
    let graph = GraphBuilder("net", weights: weights(["w": [2, 3]]))
    let w = graph.weight(WeightScope("w"), [2, 3])
    graph.output("y", graph.input("x", [1, 4]).matmul(w))
    let error = #expect(throws: GraphError.self) { try graph.finish() }
    #expect(error?.problems == ["net, near w: matmul of [1, 4] and [2, 3]"])
  }

  @Test func sizesFollowTheOperators() {
    let graph = GraphBuilder("net", weights: weights([:]))
    let x = graph.input("x", [2, 6, 10, 12])
    #expect(x.reshape([2, 3, -1]).shape == [2, 3, 240])
    #expect(x.transpose([0, 2, 3, 1]).shape == [2, 10, 12, 6])
    #expect(x.maxPool(Window(3, stride: 2, padding: 1)).shape == [2, 6, 5, 6])
    #expect(x.pad(top: 1, left: 2, bottom: -3, right: 4).shape == [2, 6, 8, 18])
    #expect(x.slice(3, 1, 100, step: 2).shape == [2, 6, 10, 6])
    #expect(x.mean([2, 3], keepingAxes: false).shape == [2, 6])
    #expect(x.unfold(Window(3, padding: 1)).shape == [2, 54, 120])
    let n = graph.dimension("n")
    let open = graph.input("m", [1, n, 4])
    #expect(open.reshape([-1, 4]).shape == [n, 4])
    #expect(open.matmul(graph.input("k", [1, 4, 7])).shape == [1, n, 7])
  }
}
