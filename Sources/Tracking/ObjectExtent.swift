import Imaging

/// How large an object is where all of it is in sight: as large as a person ever showed it.
///
/// A mask that shows a sliver (the object behind something, or half outside the frame) does not tell how large it is, and one
/// of an object far away shows all of it, only smaller: these differ in their shape.
struct ObjectExtent: Sendable {
  private var fullest: (pose: Pose, area: Float)?
  /// With less than this share in sight a mask does not tell the object's size.
  private static let telling: Float = 0.5
  /// No object is taken to shrink beyond this between two masks.
  private static let smallest: Float = 0.25

  /// Takes a person's mask.
  mutating func take(_ shown: Pose, area: Float) {
    if area > fullest?.area ?? 0 { fullest = (shown, area) }
  }

  /// The pose of all of an object of which a mask of `area` cells shows some, and the share that it shows.
  func whole(_ shown: Pose, area: Float, within bounds: Region) -> (pose: Pose, share: Float) {
    guard let fullest, fullest.area > area else { return (shown, 1) }
    let ratio = shown.half / fullest.pose.half
    var scale = max(ratio.x, ratio.y)
    if scale < Self.smallest { scale = 1 }
    let share = area / (fullest.area * scale * scale)
    guard share < Self.telling else { return (shown, 1) }
    let half = pointwiseMax(shown.half, fullest.pose.half * scale)
    return (Pose(center: Self.center(of: half, around: shown, within: bounds), half: half), share)
  }

  /// What reaches the frame's edge goes on beyond it; what hides the rest otherwise is not known.
  private static func center(of half: SIMD2<Float>, around shown: Pose, within bounds: Region) -> SIMD2<Float> {
    let (low, high) = (shown.center - shown.half, shown.center + shown.half)
    let first = SIMD2(Float(bounds.x), Float(bounds.y)) + edge
    let last = SIMD2(Float(bounds.maxX - 1), Float(bounds.maxY - 1)) - edge
    var center = shown.center
    for axis in 0..<2 {
      let (isFirst, isLast) = (low[axis] < first[axis], high[axis] > last[axis])
      if isFirst, !isLast { center[axis] = high[axis] - half[axis] }
      if isLast, !isFirst { center[axis] = low[axis] + half[axis] }
    }
    return center
  }

  private static let edge: Float = 1.5
}
