/// Merges the cheapest pair of touching regions until one is left.
struct MergeBuilder {
  private(set) var parents: [Int32]
  private(set) var heights: [Float]
  private(set) var statistics: [RegionStatistics]
  private(set) var children: [(left: Int32, right: Int32)] = []

  private let kind: MergeTree.Order
  private var edges: [RegionGraph.Edge]
  private var versions: [Int32]
  private var isDead: [Bool]
  /// Edges at each live region; dead ones are dropped when the list is next read.
  private var lists: [[Int32]]
  private var heap = EdgeHeap()
  /// The edge to a neighbour while two lists are joined, -1 where none.
  private var edgeTo: [Int32]
  private let leafCount: Int

  init(_ graph: RegionGraph, order: MergeTree.Order) {
    kind = order
    leafCount = graph.count
    let total = 2 * graph.count - 1
    parents = [Int32](repeating: -1, count: total)
    heights = [Float](repeating: 0, count: total)
    statistics = graph.regions
    statistics.reserveCapacity(total)
    edges = graph.edges
    versions = [Int32](repeating: 0, count: edges.count)
    isDead = [Bool](repeating: false, count: edges.count)
    lists = (0..<graph.count).map { Array(graph.edges(at: $0)) }
    lists.reserveCapacity(total)
    edgeTo = [Int32](repeating: -1, count: total)
  }

  mutating func run() {
    for i in edges.indices { enqueue(Int32(i)) }
    while let item = heap.pop() {
      let e = Int(item.edge)
      guard !isDead[e], versions[e] == item.version else { continue }
      merge(over: e, cost: item.cost)
    }
  }

  private mutating func enqueue(_ edge: Int32) {
    let e = edges[Int(edge)]
    let cost = MergeBuilder.cost(
      statistics[Int(e.a)], statistics[Int(e.b)], boundary: e.boundary, order: kind)
    heap.push(EdgeHeap.Item(cost: cost, edge: edge, version: versions[Int(edge)]))
  }

  private mutating func merge(over e: Int, cost: Float) {
    let (left, right) = (edges[e].a, edges[e].b)
    let made = Int32(statistics.count)
    isDead[e] = true
    parents[Int(left)] = made
    parents[Int(right)] = made
    children.append((left, right))
    heights[Int(made)] = max(cost, max(heights[Int(left)], heights[Int(right)]))
    var union = statistics[Int(left)]
    union.formUnion(statistics[Int(right)], shared: edges[e].boundary)
    statistics.append(union)
    lists.append(joinedList(left, right, into: made))
    lists[Int(left)] = []
    lists[Int(right)] = []
    for edge in lists[Int(made)] {
      versions[Int(edge)] += 1
      enqueue(edge)
    }
  }

  /// The live edges of both, renamed to `made`; two edges to one neighbour become one.
  private mutating func joinedList(_ left: Int32, _ right: Int32, into made: Int32) -> [Int32] {
    var joined: [Int32] = []
    for (old, list) in [(left, lists[Int(left)]), (right, lists[Int(right)])] {
      for edge in list where !isDead[Int(edge)] {
        let e = Int(edge)
        let other = edges[e].a == old ? edges[e].b : edges[e].a
        let first = edgeTo[Int(other)]
        if first >= 0 {
          edges[Int(first)].boundary = edges[Int(first)].boundary + edges[e].boundary
          isDead[e] = true
        } else {
          edgeTo[Int(other)] = edge
          edges[e].a = other
          edges[e].b = made
          joined.append(edge)
        }
      }
    }
    for edge in joined { edgeTo[Int(edges[Int(edge)].a)] = -1 }
    return joined
  }

  static func cost(
    _ first: RegionStatistics, _ second: RegionStatistics, boundary: Boundary, order: MergeTree.Order
  ) -> Float {
    let small = min(first.area, second.area)
    switch order {
    case .boundary:
      return boundary.mean[3] * (small / (small + 600)).squareRoot()
    case .color:
      let difference = first.meanColor - second.meanColor
      let harmonic = first.area * second.area / (first.area + second.area)
      return ((difference * difference).sum() * harmonic).squareRoot()
    case .fitted:
      return PairFeatures(first, second, boundary: boundary).edgeProbability * (small / (small + 300)).squareRoot()
    }
  }
}

/// A binary heap of edges, cheapest first; equal costs by edge, so that the order is one.
struct EdgeHeap {
  struct Item {
    var cost: Float
    var edge: Int32
    var version: Int32

    @inline(__always)
    func precedes(_ other: Item) -> Bool {
      cost < other.cost || (cost == other.cost && edge < other.edge)
    }
  }

  private var items: [Item] = []

  mutating func push(_ item: Item) {
    items.append(item)
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard item.precedes(items[parent]) else { break }
      items[child] = items[parent]
      child = parent
    }
    items[child] = item
  }

  mutating func pop() -> Item? {
    guard let first = items.first else { return nil }
    let last = items.removeLast()
    guard !items.isEmpty else { return first }
    var hole = 0
    while true {
      var child = 2 * hole + 1
      guard child < items.count else { break }
      if child + 1 < items.count, items[child + 1].precedes(items[child]) { child += 1 }
      guard items[child].precedes(last) else { break }
      items[hole] = items[child]
      hole = child
    }
    items[hole] = last
    return first
  }
}
