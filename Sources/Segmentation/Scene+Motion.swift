/// What the frame's neighbours say of a prompt. The weights were set by hand on 12 objects, not fitted.
extension Scene {
  private static let clickWeight: Float = 2
  /// For what moves and hangs together with a click by things that move.
  private static let togetherOdds: Float = 3
  /// For what moves in a box. What stands still may belong as well: a box says by itself how far to go.
  private static let boxOdds: Float = 1
  /// A superpixel is taken in where more than this share of its outline is.
  private static let surrounded: Float = 0.6
  private static let closings = 3

  /// Log-odds for each superpixel: what moves as the clicked places do belongs to them, what stands still does not.
  /// nil where the clicked places stand still, or no neighbours are known.
  func motionOdds(of clicks: [Seeds.Seed]) -> [Float]? {
    let clicked = clicks.map(\.superpixel)
    guard let motion, let evidence = motion.evidence(for: clicked, graph) else { return nil }
    let together = movingTogether(with: clicked)
    return evidence.indices.map { Scene.clickWeight * evidence[$0] + (together[$0] ? Scene.togetherOdds : 0) }
  }

  /// Log-odds that a box lends to what moves.
  var boxMotionOdds: [Float]? { motion?.moving.map { $0 ? Scene.boxOdds : 0 } }

  /// All that moves and hangs together with a clicked place, its plain insides taken in; nil where the place stands still.
  func movingWhole(around click: Seeds.Seed) -> [Bool]? {
    var together = movingTogether(with: [click.superpixel])
    guard together[click.superpixel] else { return nil }
    for _ in 0..<Scene.closings { close(&together) }
    return together
  }

  private func movingTogether(with clicked: [Int]) -> [Bool] {
    graph.connected(to: clicked) { motion?.moving[$0] ?? false }
  }

  private func close(_ labels: inout [Bool]) {
    let before = labels
    for region in before.indices where !before[region] {
      var (shared, whole) = (Float(0), graph.regions[region].border.sum())
      for edge in graph.edges(at: region) {
        let length = graph.edges[Int(edge)].boundary.length
        whole += length
        if before[graph.neighbour(of: region, over: edge)] { shared += length }
      }
      labels[region] = shared > Scene.surrounded * whole
    }
  }
}

extension [Float] {
  mutating func add(_ others: [Float]?) {
    guard let others else { return }
    for i in indices { self[i] += others[i] }
  }
}
