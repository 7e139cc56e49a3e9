/// Watches for fades through a plain colour: a run of frames without contrast between two pictures that differ.
struct FadeWatch: Sendable {
  private static let plain: Float = 4
  private var before: ShotThumbnail?
  private var inside = false

  /// The first frame after the plain run, where a new picture comes up.
  mutating func add(_ thumbnail: ShotThumbnail, index: Int) -> Int? {
    guard thumbnail.contrast >= Self.plain else {
      inside = true
      return nil
    }
    defer {
      before = thumbnail
      inside = false
    }
    guard inside, let before, before.shapeDistance(to: thumbnail) > 0.4 else { return nil }
    return index
  }
}

/// Watches for dissolves: a frame that is a blend of one before and one after, which differ.
struct DissolveWatch: Sendable {
  /// The frames so far that look like the middle of one: strengths, and strengths times indices.
  private var weight: Float = 0
  private var moment: Float = 0
  private var first = 0
  private var last = 0

  /// - Parameter window: `2 * reach + 1` frames around `middle`.
  /// - Returns: the middle of a dissolve, once it is over.
  mutating func add(_ window: [ShotThumbnail], middle: Int) -> Int? {
    let strength = Self.strength(window)
    if strength > 0 {
      if weight == 0 { first = middle }
      weight += strength
      moment += strength * Float(middle - first)
      last = middle
      return nil
    }
    return middle - last > ShotDetector.reach ? finish() : nil
  }

  mutating func finish() -> Int? {
    guard weight > 0 else { return nil }
    let center = first + Int((moment / weight).rounded())
    (weight, moment) = (0, 0)
    return center
  }

  private static func strength(_ window: [ShotThumbnail]) -> Float {
    let (first, last) = (window[0], window[window.count - 1])
    guard first.contrast > 6, last.contrast > 6 else { return 0 }
    let middle = window[window.count / 2].blend(of: first, and: last)
    guard middle.first > 0.25, middle.second > 0.25 else { return 0 }
    // Every frame between must be a blend, and the parts must change steadily: motion does not look like that.
    var previous = 2.0
    for index in stride(from: 2, to: window.count - 2, by: 3) {
      let (explained, a, b) = window[index].blend(of: first, and: last)
      guard explained > 0.96, a > -0.05, b > -0.05, a + b > 0.8, a + b < 1.2, a < previous + 0.02 else { return 0 }
      previous = a
    }
    let (shape, color) = (first.shapeDistance(to: last), first.colorDistance(to: last))
    guard shape > 0.15, shape + color > 0.5 else { return 0 }
    // Strongest where both parts are even: in the middle.
    return (shape + color) * Float(min(middle.first, middle.second))
  }
}
