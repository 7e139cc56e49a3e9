/// What the frame's neighbours say of a prompt. The weights were set by hand on 21 objects, not fitted.
extension Scene {
  private static let clickWeight: Float = 2
  /// For what moves and hangs together with a click by things that move. A click outside among them says that a part is
  /// meant.
  private static let (togetherOdds, partOdds): (Float, Float) = (9, 1)
  /// For what moves in a box. What stands still may belong as well: a box says by itself how far to go.
  private static let boxOdds: Float = 1
  /// What moves, and as the clicks do but for this much, moves together with them.
  private static let doubt: Float = 0.25
  /// A superpixel is taken in where more than this share of its outline is.
  private static let surrounded: Float = 0.6
  private static let closings = 3

  /// How surely each superpixel moves as the clicked places do, as `SceneMotion.evidence`; nil where these stand still,
  /// or no neighbours are known.
  func motionEvidence(for clicks: [Seeds.Seed]) -> [Float]? { motion?.evidence(for: clicks.map(\.superpixel), graph) }

  /// Log-odds for each superpixel: what moves as the clicked places do belongs to them, what stands still does not.
  /// - Parameter evidence: `motionEvidence` for the clicks inside.
  func motionOdds(of seeds: Seeds, _ evidence: [Float]) -> [Float] {
    let together = movingTogether(with: seeds.inside.map(\.superpixel), evidence)
    let odds = seeds.outside.contains { together[$0.superpixel] } ? Scene.partOdds : Scene.togetherOdds
    return evidence.indices.map { Scene.clickWeight * evidence[$0] + (together[$0] ? odds : 0) }
  }

  /// Log-odds that a box lends to what moves.
  var boxMotionOdds: [Float]? { moving?.map { $0 ? Scene.boxOdds : 0 } }

  /// All that moves as a clicked place does and hangs together with it, its plain insides taken in; nil where the place
  /// stands still.
  /// - Parameter known: `motionEvidence` for this click alone, where it is known.
  func movingWhole(around click: Seeds.Seed, _ known: [Float]?) -> [Bool]? {
    guard let evidence = known ?? motionEvidence(for: [click]) else { return nil }
    var together = movingTogether(with: [click.superpixel], evidence)
    guard together[click.superpixel] else { return nil }
    for _ in 0..<Scene.closings { close(&together) }
    return together
  }

  private func movingTogether(with clicked: [Int], _ evidence: [Float]) -> [Bool] {
    guard let moving else { return evidence.map { _ in false } }
    return graph.connected(to: clicked) { moving[$0] && evidence[$0] > -Scene.doubt }
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
