import Foundation

/// The overlap with the true object that an answer may expect, taking each superpixel's odds at their word.
struct ExpectedOverlap: Sendable {
  /// The area of each superpixel, and how much of it probably belongs.
  private let areas: [Float]
  private let probable: [Float]
  private let total: Float

  /// - Parameter logits: log-odds that each superpixel belongs.
  init(_ scene: Scene, logits: [Float]) {
    areas = scene.graph.regions.map(\.area)
    probable = zip(areas, logits).map { $0 / (1 + exp(-$1)) }
    total = probable.reduce(0, +)
  }

  /// 0…1.
  func of(_ labels: [Bool]) -> Float {
    var taken: Float = 0
    var area: Float = 0
    for i in labels.indices where labels[i] {
      taken += probable[i]
      area += areas[i]
    }
    return overlap(taken: taken, area: area)
  }

  /// Where to part so that the overlap is greatest.
  func bestThreshold(_ logits: [Float]) -> (logit: Float, overlap: Float) {
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    var taken: Float = 0
    var area: Float = 0
    var best: (logit: Float, overlap: Float) = (0, 0)
    for i in order {
      taken += probable[i]
      area += areas[i]
      let overlap = overlap(taken: taken, area: area)
      if overlap > best.overlap { best = (min(0, logits[i]), overlap) }
    }
    return best
  }

  /// The odds moved so that the best place to part is 0.
  static func parted(_ scene: Scene, _ logits: [Float]) -> [Float] {
    let threshold = ExpectedOverlap(scene, logits: logits).bestThreshold(logits).logit
    return logits.map { $0 - threshold }
  }

  private func overlap(taken: Float, area: Float) -> Float { taken / max(area + total - taken, .leastNormalMagnitude) }
}
