import Imaging
import Motion

/// How an object moved since the frame before: a shift and a scale about a point, in cells.
struct PoseMotion: Sendable {
  var origin = SIMD2<Float>.zero
  var shift = SIMD2<Float>.zero
  var scale: Float = 1

  /// The robust motion of the cells of `region` where `weight` is true.
  /// - Parameter flow: from this frame back to the one before.
  init(flow: FlowField, region: Region, _ includes: (_ at: Int) -> Bool) {
    var points: [(at: SIMD2<Float>, flow: SIMD2<Float>)] = []
    for y in 0..<region.height {
      for x in 0..<region.width where includes(y * region.width + x) {
        let at = SIMD2(Float(region.x + x), Float(region.y + y))
        points.append((at, -flow.vectors[(region.y + y) * flow.width + region.x + x]))
      }
    }
    guard points.count > 0 else { return }
    let middle = SIMD2(
      Self.median(points.map(\.flow.x)), Self.median(points.map(\.flow.y)))
    shift = middle
    // Displacement against position, on the half of the cells that moves most alike.
    let spread = points.map { abs($0.flow.x - middle.x) + abs($0.flow.y - middle.y) }
    let limit = Self.median(spread) * 2 + 0.1
    var (n, sp, sf) = (Float(0), SIMD2<Float>.zero, SIMD2<Float>.zero)
    for (i, point) in points.enumerated() where spread[i] <= limit {
      n += 1
      sp += point.at
      sf += point.flow
    }
    let (mp, mf) = (sp / n, sf / n)
    var (num, den) = (Float(0), Float(0))
    for (i, point) in points.enumerated() where spread[i] <= limit {
      let (dp, df) = (point.at - mp, point.flow - mf)
      num += dp.x * df.x + dp.y * df.y
      den += dp.x * dp.x + dp.y * dp.y
    }
    // Positions are of this frame: displacement = (1 - 1 / scale) * position.
    let slope = den > 0 ? num / den : 0
    scale = max(0.93, min(1.07, 1 / max(0.5, 1 - slope)))
    shift = mf
    origin = mp - mf
  }

  init() {}

  /// Where the cell at `place` was in the frame before.
  func source(_ place: SIMD2<Float>) -> SIMD2<Float> { origin + (place - origin - shift) / scale }

  func applied(to pose: Pose) -> Pose {
    Pose(center: origin + (pose.center - origin) * scale + shift, half: pose.half * scale)
  }

  private static func median(_ values: [Float]) -> Float {
    let sorted = values.sorted()
    return sorted[sorted.count / 2]
  }
}
