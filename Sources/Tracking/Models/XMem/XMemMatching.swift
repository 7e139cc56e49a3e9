import Imaging
import NeuralGraph
import NeuralRuntime

/// How queries find memory elements. Safe from any thread.
public struct XMemMatching: Sendable {
  private let network: NeuralNetwork
  /// Similarities held at once.
  private static let mostSimilarities = 8 << 20

  public init(_ network: XMemNetwork) { self.init(network: network.network) }

  init(network: NeuralNetwork) { self.network = network }

  /// For each query the elements that answer it, and by how much; the amounts of a query add up to 1.
  public struct Affinity: Sendable {
    public let elements: [Int32]
    public let amounts: [Float]
    public let perQuery: Int

    /// The sum of each element's amounts over all queries.
    func usage(count: Int) -> [Float] {
      var sums = [Double](repeating: 0, count: count)
      for (element, amount) in zip(elements, amounts) { sums[Int(element)] += Double(amount) }
      return sums.map { Float($0) }
    }
  }

  /// The best `limit` elements of each query with the softmax over them, in bounded memory.
  /// - Parameters:
  ///   - queries: [queries, row], as `XMemElements.queryRows` makes them.
  ///   - rows: [elements, row].
  func best(_ limit: Int, _ queries: NeuralTensor, _ rows: NeuralTensor) throws -> Affinity {
    let (queryCount, count) = (queries.shape[0], rows.shape[0])
    let limit = min(limit, count)
    let step = max(16, Self.mostSimilarities / max(1, count))
    var elements: [Int32] = []
    var amounts: [Float] = []
    for start in stride(from: 0, to: queryCount, by: step) {
      let part = queries.slice(start..<min(queryCount, start + step))
      let found = try network.run("best \(limit) of \(rows.shape[1])", ["queries": part, "rows": rows]) { graph in
        let best = similarity(graph, rows.shape[1]).topK(limit)
        graph.output("amounts", best.values.softmax())
        graph.output("elements", best.indices)
      }
      found["elements"]!.withFloats { elements += $0.map { Int32($0) } }
      found["amounts"]!.withFloats { amounts += $0 }
    }
    return Affinity(elements: elements, amounts: amounts, perQuery: limit)
  }

  /// The softmax over all elements: `readout` [queries, width] of `values` [elements, width], and `usage` [elements].
  func all(_ queries: NeuralTensor, _ rows: NeuralTensor, values: NeuralTensor) throws -> [String: NeuralTensor] {
    let width = values.shape[1]
    let inputs = ["queries": queries, "rows": rows, "values": values]
    return try network.run("all of \(rows.shape[1]) to \(width)", inputs) { graph in
      let affinity = similarity(graph, rows.shape[1]).softmax()
      graph.output("readout", affinity.matmul(graph.input("values", [graph.dimension("elements"), width])))
      graph.output("usage", affinity.sum([0], keepingAxes: false))
    }
  }

  /// [queries, elements].
  func similarities(_ queries: NeuralTensor, _ rows: NeuralTensor) throws -> NeuralTensor {
    try network.run("similarity of \(rows.shape[1])", ["queries": queries, "rows": rows]) { graph in
      graph.output("similarity", similarity(graph, rows.shape[1]))
    }["similarity"]!
  }

  private func similarity(_ graph: GraphBuilder, _ size: Int) -> Value {
    graph.input("queries", [graph.dimension("queries"), size])
      .linear(graph.input("rows", [graph.dimension("elements"), size]))
  }

  /// What the affinity draws out of rows of values.
  /// - Parameter blocks: the values of all elements in turn, each [elements, width].
  /// - Returns: [width, queries].
  static func readout(_ affinity: Affinity, _ blocks: [NeuralTensor], threads: Int) -> NeuralTensor {
    let width = blocks.first?.shape[1] ?? 0
    var place: [(block: Int32, row: Int32)] = []
    for (index, block) in blocks.enumerated() {
      place += (0..<block.shape[0]).map { (Int32(index), Int32($0)) }
    }
    let queries = affinity.amounts.count / max(1, affinity.perQuery)
    let places = place
    return NeuralTensor([width, queries]) { out in
      nonisolated(unsafe) let out = out
      Rows.concurrently(queries, threads: threads) { range in
        var sum = [Float](repeating: 0, count: width)
        for query in range {
          for channel in 0..<width { sum[channel] = 0 }
          for slot in query * affinity.perQuery..<(query + 1) * affinity.perQuery {
            let place = places[Int(affinity.elements[slot])]
            add(blocks[Int(place.block)], row: Int(place.row), times: affinity.amounts[slot], to: &sum)
          }
          for channel in 0..<width { out[channel * queries + query] = sum[channel] }
        }
      }
    }
  }

  private static func add(_ block: NeuralTensor, row: Int, times amount: Float, to sum: inout [Float]) {
    block.withFloats { values in
      let row = UnsafeBufferPointer(rebasing: values[row * sum.count..<(row + 1) * sum.count])
      sum.withUnsafeMutableBufferPointer { sum in
        for channel in sum.indices { sum[channel] += amount * row[channel] }
      }
    }
  }
}
