import Imaging

/// A click on a frame.
public struct Click: Sendable, Hashable, Codable {
  public var x: Int
  public var y: Int
  /// On the object, or on what does not belong to it.
  public var isInside: Bool

  public init(x: Int, y: Int, isInside: Bool) {
    self.x = x
    self.y = y
    self.isInside = isInside
  }
}

/// Plays the user of an interactive segmenter: clicks first on the object's innermost point, then each time on the
/// innermost point of the largest error (Sofiiuk et al. 2020).
public enum ClickRobot {
  /// Clicks up to `limit` times and returns the overlap with the truth after each click.
  ///
  /// `answer` gets all clicks so far and returns the mask, 0 outside the object. Stops early at a perfect mask; the
  /// overlaps left out are then 1.
  /// - Throws: `EvaluationError` where the truth is empty or a mask has another size; whatever `answer` throws.
  public static func play(
    truth: Plane<UInt8>, limit: Int = 20, answer: ([Click]) throws -> Plane<UInt8>
  ) throws -> [Double] {
    guard let first = innermost(truth.samples.map { $0 != 0 }, truth.width) else {
      throw EvaluationError(.nothingToScore, "the true mask is empty")
    }
    var clicks = [Click(x: first % truth.width, y: first / truth.width, isInside: true)]
    var overlaps: [Double] = []
    while overlaps.count < limit {
      let mask = try answer(clicks)
      guard mask.width == truth.width, mask.height == truth.height else {
        throw EvaluationError(.wrongSize, "a mask of \(mask.width)x\(mask.height) for \(truth.width)x\(truth.height)")
      }
      overlaps.append(MaskEvaluator.intersectionOverUnion(truth, mask))
      guard let next = correction(truth: truth, mask: mask, clicked: clicks) else { break }
      clicks.append(next)
    }
    return overlaps + Array(repeating: overlaps.last ?? 0, count: limit - overlaps.count)
  }

  /// The click that mends the largest error; nil where nothing is left to click on.
  static func correction(truth: Plane<UInt8>, mask: Plane<UInt8>, clicked: [Click]) -> Click? {
    var missing = zip(truth.samples, mask.samples).map { $0 != 0 && $1 == 0 }
    var surplus = zip(truth.samples, mask.samples).map { $0 == 0 && $1 != 0 }
    for click in clicked {
      missing[click.y * truth.width + click.x] = false
      surplus[click.y * truth.width + click.x] = false
    }
    let lost = largestComponent(missing, truth.width)
    let extra = largestComponent(surplus, truth.width)
    let isInside = lost.count >= extra.count
    let error = isInside ? lost : extra
    var only = [Bool](repeating: false, count: missing.count)
    for place in error { only[place] = true }
    return innermost(only, truth.width).map { Click(x: $0 % truth.width, y: $0 / truth.width, isInside: isInside) }
  }

  /// Where the set is deepest, the first such place in reading order; nil for an empty set.
  static func innermost(_ set: [Bool], _ width: Int) -> Int? {
    guard set.contains(true) else { return nil }
    let depth = SquaredDistance.toOutside(of: set, width: width)
    var best = 0
    for place in depth.indices where depth[place] > depth[best] { best = place }
    return best
  }

  /// The places of the largest 4-connected part; of equals the first in reading order.
  static func largestComponent(_ set: [Bool], _ width: Int) -> [Int] {
    var seen = set.map { !$0 }
    var largest: [Int] = []
    for start in set.indices where !seen[start] {
      var part = [start]
      seen[start] = true
      var next = 0
      while next < part.count {
        let place = part[next]
        next += 1
        let x = place % width
        for (neighbour, exists) in [
          (place - 1, x > 0), (place + 1, x < width - 1), (place - width, place >= width),
          (place + width, place + width < set.count),
        ] where exists && !seen[neighbour] {
          seen[neighbour] = true
          part.append(neighbour)
        }
      }
      if part.count > largest.count { largest = part }
    }
    return largest
  }
}
