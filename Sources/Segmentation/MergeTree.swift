/// A binary tree of regions: superpixels at the leaves (nodes 0..<leafCount), the frame at the root (the last node).
struct MergeTree: Sendable {
  /// What is merged first.
  enum Order: Int, CaseIterable, Sendable {
    /// The weakest mean edge (as in ultrametric contour maps, Arbelaez et al. 2011), small regions sooner.
    case boundary
    /// The least gain in colour variance (Ward).
    case color
    /// The least fitted probability of an edge, small regions sooner.
    case fitted
  }

  let leafCount: Int
  /// -1 at the root.
  private(set) var parents: [Int32]
  /// How dear the merge was that made a node; 0 at leaves, never below the children's.
  private(set) var heights: [Float]
  private(set) var statistics: [RegionStatistics]
  /// Leaves in depth-first order; node n holds `order[spans[n]]`.
  private(set) var order: [Int32]
  private(set) var spans: [Range<Int32>]

  var nodeCount: Int { parents.count }

  init(_ graph: RegionGraph, order kind: Order) {
    var builder = MergeBuilder(graph, order: kind)
    builder.run()
    leafCount = graph.count
    parents = builder.parents
    heights = builder.heights
    statistics = builder.statistics
    (order, spans) = MergeTree.layout(children: builder.children, leafCount: graph.count)
  }

  func leaves(of node: Int) -> ArraySlice<Int32> { order[Int(spans[node].lowerBound)..<Int(spans[node].upperBound)] }

  /// The node and all above it, smallest first.
  func ancestors(of leaf: Int) -> [Int] {
    var chain: [Int] = []
    var node = Int32(leaf)
    while node >= 0 {
      chain.append(Int(node))
      node = parents[Int(node)]
    }
    return chain
  }

  private static func layout(
    children: [(left: Int32, right: Int32)], leafCount: Int
  ) -> (order: [Int32], spans: [Range<Int32>]) {
    var spans = [Range<Int32>](repeating: 0..<0, count: leafCount + children.count)
    var sizes = [Int32](repeating: 1, count: leafCount + children.count)
    for (i, pair) in children.enumerated() {
      sizes[leafCount + i] = sizes[Int(pair.left)] + sizes[Int(pair.right)]
    }
    // Parents come after their children, so going down from the last node every parent is placed first.
    spans[spans.count - 1] = 0..<Int32(leafCount)
    for i in children.indices.reversed() {
      let (left, right) = children[i]
      let start = spans[leafCount + i].lowerBound
      let middle = start + sizes[Int(left)]
      spans[Int(left)] = start..<middle
      spans[Int(right)] = middle..<middle + sizes[Int(right)]
    }
    var order = [Int32](repeating: 0, count: leafCount)
    for leaf in 0..<leafCount { order[Int(spans[leaf].lowerBound)] = Int32(leaf) }
    return (order, spans)
  }
}
