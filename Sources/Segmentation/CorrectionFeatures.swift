import Foundation

/// How each superpixel stands to a click or stroke that mends an answer, and to that answer, as numbers for `CorrectionNetwork`.
struct CorrectionFeatures: Sendable {
  /// `ClickFeatures` of all clicks together; place 31 holds their odds.
  let clicks: [SIMD32<Float>]
  /// How each stands to the newest click and to the answer before it.
  let changes: [SIMD8<Float>]
  /// Log-odds of belonging after the click by a rule that knows regions alone.
  let odds: [Float]
  /// Whether each lies on the side that the click calls wrong; what does not stays.
  let isWrong: [Bool]

  /// What an answer stood at, and the click that mends it.
  struct Change {
    /// Log-odds before the click.
    var logits: [Float]
    /// Whether each superpixel lies on the side that the click calls wrong.
    var isWrong: [Bool]
    /// In working pixels.
    var area: Float
    var seeds: [Seeds.Seed]
    var isInside: Bool
    /// `ChangedRegions.prior`.
    var prior: [Float]
  }

  private static let limit: Float = 6

  init(clicks: [SIMD32<Float>], changes: [SIMD8<Float>], odds: [Float], isWrong: [Bool]) {
    self.clicks = clicks
    self.changes = changes
    self.odds = odds
    self.isWrong = isWrong
  }

  /// - Parameter calibrated: the odds that all clicks together give.
  init(_ scene: Scene, _ features: ClickFeatures, calibrated: [Float], odds: [Float], _ change: Change) {
    var clicks = features.values
    for i in clicks.indices { clicks[i][31] = calibrated[i] }
    let sign: Float = change.isInside ? 1 : -1
    let distances = Geodesics.distances(scene.graph, lengths: scene.edgeLengths, from: change.seeds.map(\.superpixel))
    let size = max(1, change.area).squareRoot()
    let places = scene.distances(to: change.seeds)
    let changes = clicks.indices.map { i in
      SIMD8(
        change.logits[i].within(CorrectionFeatures.limit), change.isWrong[i] == change.isInside ? 0 : 1, sign * change.prior[i], sign,
        min(CorrectionFeatures.limit, places[i] / size), odds[i].within(CorrectionFeatures.limit),
        log(size / scene.frameArea.squareRoot()), min(CorrectionFeatures.limit, log1p(distances[i])))
    }
    self.init(clicks: clicks, changes: changes, odds: odds, isWrong: change.isWrong)
  }
}
