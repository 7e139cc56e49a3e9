/// What clicks buy, over many objects.
public struct ClickScores: Sendable, Equatable, Codable {
  public var objects: Int
  /// Mean overlap after 1, 3 and 5 clicks.
  public var overlapAfter1: Double
  public var overlapAfter3: Double
  public var overlapAfter5: Double
  /// Mean clicks to an overlap of 0.85 and 0.90; the limit counts where it is never reached.
  public var clicksTo85: Double
  public var clicksTo90: Double

  enum CodingKeys: String, CodingKey {
    case objects
    case overlapAfter1 = "IoU@1"
    case overlapAfter3 = "IoU@3"
    case overlapAfter5 = "IoU@5"
    case clicksTo85 = "NoC85"
    case clicksTo90 = "NoC90"
  }

  /// From the overlaps that `ClickRobot.play` returned for each object.
  /// - Throws: `EvaluationError.nothingToScore` without objects.
  public init(overlaps: [[Double]]) throws(EvaluationError) {
    guard !overlaps.isEmpty, overlaps.allSatisfy({ !$0.isEmpty }) else {
      throw EvaluationError(.nothingToScore, "no object was clicked")
    }
    let mean = { (value: ([Double]) -> Double) in
      fourDecimals(overlaps.reduce(0) { $0 + value($1) } / Double(overlaps.count))
    }
    let after = { (clicks: Int) in mean { $0[min(clicks, $0.count) - 1] } }
    let needed = { (goal: Double) in
      mean { list in Double(list.firstIndex { $0 >= goal }.map { $0 + 1 } ?? list.count) }
    }
    objects = overlaps.count
    overlapAfter1 = after(1)
    overlapAfter3 = after(3)
    overlapAfter5 = after(5)
    clicksTo85 = needed(0.85)
    clicksTo90 = needed(0.9)
  }
}
