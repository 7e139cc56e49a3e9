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
    var clicks = [try firstClick(on: truth)]
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

  /// The object's innermost point.
  /// - Throws: `EvaluationError.nothingToScore` where the mask is empty.
  public static func firstClick(on truth: Plane<UInt8>) throws(EvaluationError) -> Click {
    guard let first = innermost(truth) else {
      throw EvaluationError(.nothingToScore, "the true mask is empty")
    }
    return Click(x: first % truth.width, y: first / truth.width, isInside: true)
  }

  /// The click that mends the largest error; nil where nothing is left to click on.
  static func correction(truth: Plane<UInt8>, mask: Plane<UInt8>, clicked: [Click]) -> Click? {
    let (error, isInside) = largestError(truth: truth, mask: mask, clicked: clicked)
    return innermost(error).map { Click(x: $0 % truth.width, y: $0 / truth.width, isInside: isInside) }
  }

  /// The largest part that is missing, or too much, without what was clicked on.
  static func largestError(
    truth: Plane<UInt8>, mask: Plane<UInt8>, clicked: [Click]
  ) -> (error: Plane<UInt8>, isInside: Bool) {
    var missing = Plane(
      width: truth.width, height: truth.height,
      samples: zip(truth.samples, mask.samples).map { $0 != 0 && $1 == 0 ? UInt8(1) : 0 })
    var surplus = Plane(
      width: truth.width, height: truth.height,
      samples: zip(truth.samples, mask.samples).map { $0 == 0 && $1 != 0 ? UInt8(1) : 0 })
    for click in clicked {
      missing[click.x, click.y] = 0
      surplus[click.x, click.y] = 0
    }
    let lost = missing.components(connectivity: .four)
    let extra = surplus.components(connectivity: .four)
    let isInside = (lost.areas.max() ?? 0) >= (extra.areas.max() ?? 0)
    let errors = isInside ? lost : extra
    return (errors.coverage { $0 == errors.largest }, isInside)
  }

  /// Where the set is deepest, the picture's border counting as outside; the first such place in reading order, nil for
  /// an empty set.
  static func innermost(_ set: Plane<UInt8>) -> Int? {
    guard set.boundingBox != nil else { return nil }
    var framed = Plane<UInt8>(width: set.width + 2, height: set.height + 2, repeating: 0)
    for y in 0..<set.height {
      for x in 0..<set.width { framed[x + 1, y + 1] = set[x, y] }
    }
    let depth = framed.squaredDistances(to: .background)
    var best = 0
    for place in depth.samples.indices where depth.samples[place] > depth.samples[best] { best = place }
    return (best / framed.width - 1) * set.width + best % framed.width - 1
  }
}
