import Foundation

/// The cheapest labelling of superpixels: fitted log-odds for each, and a price for parting neighbours without an edge.
enum RegionCut {
  private static let unit: Float = 64
  private static let hard: Int32 = 1 << 24
  /// Weight of the contour's length against the log-odds of a pixel.
  private static let smoothness: Float = 6
  /// What a box's side takes off the price of parting along it: the object touches it, but ends there in a few places only.
  private static let boxSide: Float = 0.5

  /// - Parameters:
  ///   - logits: log-odds that each superpixel belongs.
  ///   - coverage: how much of each superpixel lies in the box that was drawn, 0…1: parting along its sides costs little.
  /// - Returns: whether each superpixel is inside; seeds always are on their side.
  static func labels(_ scene: Scene, logits: [Float], seeds: Seeds, coverage: [Float]? = nil) -> [Bool] {
    let graph = scene.graph
    guard var cut = MinimumCut(nodes: graph.count, edges: graph.edges.count) else { return logits.map { $0 > 0 } }
    let outside = Set(seeds.outside.map(\.superpixel))
    let inside = Set(seeds.inside.map(\.superpixel))
    for (i, region) in graph.regions.enumerated() {
      if inside.contains(i) {
        cut.setTerminals(i, inside: hard, outside: 0)
      } else if outside.contains(i) {
        cut.setTerminals(i, inside: 0, outside: hard)
      } else {
        let cost = Int32(unit * logits[i].within(6) * region.area / 10)
        cut.setTerminals(i, inside: max(0, cost), outside: max(0, -cost))
      }
    }
    for edge in graph.edges {
      let (a, b) = (Int(edge.a), Int(edge.b))
      var open = -log(max(0.02, min(0.98, edge.boundary.mean[6])))
      if let coverage { open *= 1 - boxSide * abs(coverage[a] - coverage[b]) }
      cut.connect(a, b, Int32(unit * smoothness / 10 * open * edge.boundary.length) + 1)
    }
    _ = cut.solve()
    return (0..<graph.count).map { cut.isInside($0) }
  }
}
