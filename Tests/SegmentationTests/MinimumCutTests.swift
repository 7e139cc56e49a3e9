import Imaging
import TestSupport
import Testing

@testable import Segmentation

@Suite struct MinimumCutTests {
  private struct Graph {
    var inside: [Int32]
    var outside: [Int32]
    var edges: [(a: Int, b: Int, capacity: Int32)]

    func cost(_ labels: UInt32) -> Int64 {
      var sum: Int64 = 0
      for node in inside.indices {
        sum += Int64(labels >> UInt32(node) & 1 == 1 ? outside[node] : inside[node])
      }
      for edge in edges where labels >> UInt32(edge.a) & 1 != labels >> UInt32(edge.b) & 1 {
        sum += Int64(edge.capacity)
      }
      return sum
    }
  }

  private func random(nodes: Int, edges: Int, _ random: inout SplitMix64) -> Graph {
    Graph(
      inside: (0..<nodes).map { _ in Int32.random(in: 0...9, using: &random) },
      outside: (0..<nodes).map { _ in Int32.random(in: 0...9, using: &random) },
      edges: (0..<edges).map { _ in
        let a = Int.random(in: 0..<nodes, using: &random)
        let b = (a + Int.random(in: 1..<nodes, using: &random)) % nodes
        return (a, b, Int32.random(in: 0...7, using: &random))
      })
  }

  @Test func agreesWithBruteForce() {
    var generator = SplitMix64(seed: 11)
    for round in 0..<300 {
      let nodes = 2 + round % 9
      let graph = random(nodes: nodes, edges: 1 + round % 23, &generator)
      guard var cut = MinimumCut(nodes: nodes, edges: graph.edges.count) else {
        Issue.record("no memory")
        return
      }
      for node in 0..<nodes { cut.setTerminals(node, inside: graph.inside[node], outside: graph.outside[node]) }
      for edge in graph.edges { cut.connect(edge.a, edge.b, edge.capacity) }
      let flow = cut.solve()
      var labels: UInt32 = 0
      for node in 0..<nodes where cut.isInside(node) { labels |= 1 << UInt32(node) }
      let least = (0..<UInt32(1) << UInt32(nodes)).map { graph.cost($0) }.min()
      #expect(flow == least)
      #expect(graph.cost(labels) == least)
    }
  }

  @Test func solvesALargeGrid() {
    let side = 120
    var generator = SplitMix64(seed: 3)
    guard var cut = MinimumCut(nodes: side * side, edges: 2 * side * side) else {
      Issue.record("no memory")
      return
    }
    for node in 0..<side * side {
      let isLeft = node % side < side / 2
      let noise = Int32.random(in: 0...6, using: &generator)
      cut.setTerminals(node, inside: isLeft ? Int32(4) : noise, outside: isLeft ? noise : Int32(4))
      if node % side + 1 < side { cut.connect(node, node + 1, 9) }
      if node / side + 1 < side { cut.connect(node, node + side, 9) }
    }
    _ = cut.solve()
    for y in 0..<side {
      let left = cut.isInside(y * side + 10)
      let right = cut.isInside(y * side + side - 10)
      #expect(left && !right)
    }
  }
}
