import Foundation
import NeuralGraph
import Testing

@testable import NeuralRuntime

/// Graphs with answers known by hand, run by whatever ONNX Runtime this machine has.
@Suite(.enabled(if: RuntimeHere.isAvailable, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct NeuralSessionTests {
  private func run(
    _ weights: [String: NetworkWeights.Tensor] = [:], _ inputs: [String: NeuralTensor],
    _ build: (GraphBuilder) -> Void
  ) throws -> [String: NeuralTensor] {
    let builder = GraphBuilder("test", weights: NetworkWeights(source: "test", tensors: weights))
    build(builder)
    return try NeuralSession(builder.finish(), try #require(RuntimeHere.runtime)).run(inputs)
  }

  @Test func convolutionWithPadding() throws {
    let weights = [
      "conv.weight": NetworkWeights.Tensor(shape: [1, 1, 3, 3], floats: [0, 0, 0, 0, 1, 0, 0, 0, 2]),
      "conv.bias": NetworkWeights.Tensor(shape: [1], floats: [10]),
    ]
    let out = try run(weights, ["x": NeuralTensor([1, 2, 3, 4], [1, 1, 2, 2])]) { graph in
      graph.output("y", graph.input("x", [1, 1, 2, 2]).conv(WeightScope("conv"), channels: 1, Window(3, padding: 1)))
    }
    #expect(out["y"]?.shape == [1, 1, 2, 2])
    #expect(out["y"]?.floats == [1 + 8 + 10, 12, 13, 14])
  }

  @Test func linearOverThreeAxes() throws {
    let weights = [
      "fc.weight": NetworkWeights.Tensor(shape: [1, 2], floats: [2, 3]),
      "fc.bias": NetworkWeights.Tensor(shape: [1], floats: [1]),
    ]
    let out = try run(weights, ["x": NeuralTensor([1, 1, 0, 2], [1, 2, 2])]) { graph in
      graph.output("y", graph.input("x", [1, 2, 2]).linear(WeightScope("fc"), 1))
    }
    #expect(out["y"]?.shape == [1, 2, 1])
    #expect(out["y"]?.floats == [6, 7])
  }

  @Test func foldUndoesUnfoldButCountsOverlaps() throws {
    let window = Window(2, stride: 1)
    let out = try run([:], ["x": NeuralTensor([1, 2, 3, 4, 5, 6], [1, 1, 2, 3])]) { graph in
      let blocks = graph.input("x", [1, 1, 2, 3]).unfold(window)
      graph.output("blocks", blocks)
      graph.output("y", blocks.fold(2, 3, window))
    }
    #expect(out["blocks"]?.floats == [1, 2, 2, 3, 4, 5, 5, 6])
    #expect(out["y"]?.floats == [1, 4, 3, 4, 10, 6])
  }

  @Test func groupNormTakesEachGroupAlone() throws {
    let weights = [
      "n.weight": NetworkWeights.Tensor(shape: [2], floats: [1, 2]),
      "n.bias": NetworkWeights.Tensor(shape: [2], floats: [0, 1]),
    ]
    let out = try run(weights, ["x": NeuralTensor([-1, 1, 10, 30], [1, 2, 1, 2])]) { graph in
      graph.output("y", graph.input("x", [1, 2, 1, 2]).groupNorm(WeightScope("n"), groups: 2, epsilon: 0))
    }
    #expect(zip(try #require(out["y"]).floats, [-1, 1, -1, 3] as [Float]).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  @Test func openDimensionsTakeAnySize() throws {
    let builder = GraphBuilder("open", weights: NetworkWeights(source: "test", tensors: [:]))
    let x = builder.input("x", [1, builder.dimension("n"), 2])
    builder.output("y", builder.concat([x.transposed, x.transposed], -1).sum([2]))
    let session = try NeuralSession(builder.finish(), try #require(RuntimeHere.runtime))
    #expect(try session.run(["x": NeuralTensor([1, 2], [1, 1, 2])])["y"]?.floats == [2, 4])
    #expect(try session.run(["x": NeuralTensor([1, 2, 3, 4], [1, 2, 2])])["y"]?.floats == [8, 12])
  }

  @Test func warpByWholePixels() throws {
    let out = try run(
      [:],
      ["x": NeuralTensor([1, 2, 3, 4], [1, 1, 2, 2]), "flow": NeuralTensor([1, 1, 1, 1, 0, 0, 0, 0], [1, 2, 2, 2])]
    ) { graph in
      let flow = graph.input("flow", [1, 2, 2, 2])
      graph.output("y", graph.input("x", [1, 1, 2, 2]).warp(flow, outside: .zeros))
    }
    #expect(out["y"]?.floats == [2, 0, 4, 0])
  }

  @Test func tapsAreGivenWhereAskedFor() throws {
    let weights = NetworkWeights(source: "test", tensors: [:])
    let build = { (graph: GraphBuilder) in
      graph.output("y", (graph.input("x", [1]) * 2).tap("middle") + 1)
    }
    let network = NeuralNetwork("test", weights: weights, runtime: try #require(RuntimeHere.runtime))
    let inputs = ["x": NeuralTensor([3], [1])]
    #expect(try network.run("part", inputs, build: build).keys.sorted() == ["y"])
    #expect(try network.run("part", inputs, taps: ["middle"], build: build)["middle"]?.floats == [6])
  }

  @Test func wrongInputsAreNamed() throws {
    let builder = GraphBuilder("named", weights: NetworkWeights(source: "test", tensors: [:]))
    builder.output("y", builder.input("x", [2]) + 1)
    let session = try NeuralSession(builder.finish(), try #require(RuntimeHere.runtime))
    #expect(throws: NeuralError.self) { try session.run([:]) }
    #expect(throws: NeuralError.self) { try session.run(["z": NeuralTensor([1, 2], [2])]) }
    #expect(throws: NeuralError.self) { try session.run(["x": NeuralTensor([1, 2, 3], [3])]) }
  }

  @Test func largeWeightsGoBesideTheModel() throws {
    let count = 4096
    let weights = ["w": NetworkWeights.Tensor(shape: [count], floats: (0..<count).map { Float($0) })]
    let builder = GraphBuilder("large", weights: NetworkWeights(source: "test", tensors: weights))
    builder.output("y", builder.input("x", [1]) * builder.weight(WeightScope("w"), [count]))
    let graph = try builder.finish()
    #expect(graph.model.count < 1024)
    let out = try NeuralSession(graph, try #require(RuntimeHere.runtime)).run(["x": NeuralTensor([2], [1])])
    #expect(out["y"]?.floats == (0..<count).map { 2 * Float($0) })
  }
}

/// Everything that does not need the runtime.
struct RuntimeSearchTests {
  @Test func aNamedLibraryIsTheOnlyOne() {
    #expect(RuntimeSearch.candidates(explicit: "/nowhere/x.so", environment: [:]) == ["/nowhere/x.so"])
    #expect(
      RuntimeSearch.candidates(explicit: nil, environment: ["CLEANPLATE_ONNXRUNTIME": "/a.so"]) == ["/a.so"])
  }

  @Test func aMissingLibraryIsOneSentence() {
    let failure = #expect(throws: NeuralError.self) {
      try NeuralRuntime(explicit: "/nowhere/libonnxruntime.so", environment: [:])
    }
    #expect(failure?.code == .noRuntime)
    #expect(failure?.context.contains("pip install onnxruntime") == true)
  }

  @Test func anotherLibraryIsRefused() {
    #expect(throws: NeuralError.self) { try NeuralRuntime(explicit: "/bin/sh", environment: [:]) }
  }
}

enum RuntimeHere {
  static let runtime = try? NeuralRuntime()
  static var isAvailable: Bool { runtime != nil }
}
