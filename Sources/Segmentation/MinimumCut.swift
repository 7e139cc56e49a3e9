import CPixelKernels

/// A graph between a source ("inside") and a sink ("outside") whose minimum cut labels its nodes.
///
/// Boykov and Kolmogorov's augmenting paths (PAMI 2004). Integer capacities, so the answer is exact and the same everywhere.
struct MinimumCut: ~Copyable {
  private let cut: OpaquePointer
  private let nodeCount: Int

  /// Room for `nodes` nodes and `edges` pairs of arcs; nil where memory is short.
  init?(nodes: Int, edges: Int) {
    guard nodes < Int(Int32.max) / 4, edges < Int(Int32.max) / 4,
      let cut = cpk_cut_create(Int32(nodes), Int32(edges))
    else { return nil }
    self.cut = cut
    nodeCount = nodes
  }

  deinit { cpk_cut_destroy(cut) }

  /// What it costs to put `node` outside (`inside`) or inside (`outside`); 0…2²⁸.
  mutating func setTerminals(_ node: Int, inside: Int32, outside: Int32) {
    cpk_cut_set_terminals(cut, Int32(node), inside, outside)
  }

  /// What it costs to part `a` from `b`, whichever is inside.
  mutating func connect(_ a: Int, _ b: Int, _ capacity: Int32) {
    let added = cpk_cut_add_edge(cut, Int32(a), Int32(b), capacity, capacity)
    assert(added != 0, "more edges than announced")
  }

  /// The maximum flow. To be called once, after the graph is complete.
  mutating func solve() -> Int64 { cpk_cut_solve(cut) }

  func isInside(_ node: Int) -> Bool { cpk_cut_on_source_side(cut, Int32(node)) != 0 }
}
