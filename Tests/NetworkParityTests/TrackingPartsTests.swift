import Foundation
import Imaging
import NeuralGraph
import NeuralRuntime
import Testing

@testable import Tracking

/// Parts of the tracking networks against plain arithmetic.
@Suite(.enabled(if: RuntimeHere.runtime != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct TrackingPartsTests {
  private static func numbers(_ shape: [Int], seed: UInt64) -> NeuralTensor {
    var noise = SplitMix64(seed: seed)
    return NeuralTensor((0..<shape.reduce(1, *)).map { _ in Float(noise.next() >> 40) * 0x1p-23 - 1 }, shape)
  }

  private static func network() throws -> NeuralNetwork {
    NeuralNetwork(
      "parts", weights: NetworkWeights(source: "none", tensors: [:]), runtime: try #require(RuntimeHere.runtime))
  }

  @Test func aWindowsBiasFallsOnThePositionsItPointsTo() throws {
    let (rows, columns, side, reach) = (9, 11, LocalWindow.side, LocalWindow.reach)
    let bias = Self.numbers([rows * columns, side * side], seed: 1)
    let outputs = try Self.network().run("window", ["bias": bias]) { graph in
      let spread = LocalWindow.spread(graph.input("bias", bias.shape), rows, columns)
      graph.output("spread", spread)
      graph.output("collected", LocalWindow.collect(spread, rows, columns))
    }
    let (given, spread, collected) = (bias.floats, outputs["spread"]!.floats, outputs["collected"]!.floats)
    for position in 0..<rows * columns {
      for place in 0..<side * side {
        let y = position / columns + place / side - reach
        let x = position % columns + place % side - reach
        let isInside = 0..<rows ~= y && 0..<columns ~= x
        let index = position * side * side + place
        #expect(collected[index] == (isInside ? given[index] : 0))
        if isInside { #expect(spread[position * rows * columns + y * columns + x] == given[index]) }
      }
    }
    let inside = spread.count { $0 > -2 }
    #expect(inside == collected.count { $0 != 0 })
  }

  @Test(arguments: [1, 4]) func attentionBlockByBlockIsAttentionAtOnce(_ heads: Int) throws {
    let attention = StreamedAttention(network: try Self.network(), heads: heads)
    let queries = Self.numbers([5, 8], seed: 2)
    let (key, first, second) = (
      Self.numbers([7, 8], seed: 3), Self.numbers([7, 8], seed: 4), Self.numbers([7, 4], seed: 5)
    )
    func block(_ rows: Range<Int>) -> DeAOTNetwork.LayerMemory {
      .init(key: key.slice(rows), values: [first.slice(rows), second.slice(rows)])
    }
    let drawn = try attention.draw(queries, from: [block(0..<2), block(2..<6), block(6..<7)])
    let values = (0..<7).map { Array(first.floats[$0 * 8..<$0 * 8 + 8] + second.floats[$0 * 4..<$0 * 4 + 4]) }
    let (own, width) = (8 / heads, 12 / heads)
    for query in 0..<5 {
      for head in 0..<heads {
        let scores = (0..<7).map { element in
          (0..<own).reduce(Float(0)) {
            $0 + queries.floats[query * 8 + head * own + $1] * key.floats[element * 8 + head * own + $1]
          } / Float(own).squareRoot()
        }
        let weights = scores.map { Foundation.exp(Double($0)) }
        for channel in head * width..<(head + 1) * width {
          let mean = zip(weights, values).reduce(0) { $0 + $1.0 * Double($1.1[channel]) } / weights.reduce(0, +)
          let result = drawn.out.floats[query * 12 + channel] / drawn.sum.floats[query * heads + head]
          #expect(abs(Double(result) - mean) < 1e-5)
        }
      }
    }
  }

  /// The best elements with their softmax, and the readout by them, against all elements where as many are asked for.
  @Test func theBestElementsAreThoseOfTheSoftmax() throws {
    let matching = XMemMatching(network: try Self.network())
    let (key, selection) = (Self.numbers([1, 4, 9], seed: 6), Self.numbers([1, 4, 3], seed: 7))
    let query = Self.numbers([1, 4, 3], seed: 8)
    let values = Self.numbers([2, 5, 9], seed: 9)
    let memory = (key: key, shrinkage: NeuralTensor(repeating: 1.5, [1, 1, 9]))
    let weights = NeuralTensor(selection.floats.map { abs($0) }, selection.shape)
    let all = try matching.reading(memory: memory, query: (query, weights), values: values, topK: nil)
    let best = try matching.reading(memory: memory, query: (query, weights), values: values, topK: 9)
    let few = try matching.reading(memory: memory, query: (query, weights), values: values, topK: 2)
    #expect(zip(all.readout.floats, best.readout.floats).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(few.affinity.floats.count { $0 > 0 } == 6)
    #expect(abs(few.usage.floats.reduce(0, +) - 3) < 1e-5)
  }
}
