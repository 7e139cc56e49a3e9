import Imaging

/// Where an object is and how large: the frame of reference of its own coordinates, in cells.
struct Pose: Sendable, Equatable {
  var center: SIMD2<Float>
  /// Half of its width and height: sqrt 3 standard deviations, which is exact for a filled box.
  var half: SIMD2<Float>

  /// Places are clamped to this: farther away is all the same.
  static let reach: Float = 2.5

  init(center: SIMD2<Float>, half: SIMD2<Float>) {
    self.center = center
    self.half = half
  }

  /// The pose of the cells that carry `index`, or nil where there are none.
  init?(of index: UInt8, _ labels: [UInt8], width: Int, within region: Region) {
    var (n, sx, sy, sxx, syy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX where labels[y &* width &+ x] == index {
        let (dx, dy) = (Double(x), Double(y))
        n += 1
        sx += dx
        sy += dy
        sxx += dx * dx
        syy += dy * dy
      }
    }
    guard n > 0 else { return nil }
    let (mx, my) = (sx / n, sy / n)
    center = SIMD2(Float(mx), Float(my))
    half = SIMD2(
      Float(max(0.5, (3 * max(0, sxx / n - mx * mx)).squareRoot())),
      Float(max(0.5, (3 * max(0, syy / n - my * my)).squareRoot())))
  }

  /// In the object's own coordinates: its box spans -1…1.
  @inline(__always)
  func place(_ x: Float, _ y: Float) -> SIMD2<Float> {
    ((SIMD2(x, y) - center) / half).clamped(
      lowerBound: SIMD2(repeating: -Self.reach), upperBound: SIMD2(repeating: Self.reach))
  }

  /// The box, `scale` times as large, within `bounds`.
  func box(scale: Float, within bounds: Region) -> Region {
    let low = center - half * scale
    let high = center + half * scale
    let left = Int(max(-1e6, low.x).rounded(.down))
    let top = Int(max(-1e6, low.y).rounded(.down))
    let region = Region(
      x: left, y: top, width: Int(min(1e6, high.x).rounded(.up)) - left + 1,
      height: Int(min(1e6, high.y).rounded(.up)) - top + 1)
    return region.intersection(bounds)
  }

  /// Moved and scaled at random, as tracking errs.
  func jittered(_ random: inout RandomSource) -> Pose {
    let shift = SIMD2(random.float(-0.15, 0.15), random.float(-0.15, 0.15))
    let scale = SIMD2(random.float(0.87, 1.15), random.float(0.87, 1.15))
    return Pose(center: center + shift * half, half: half * scale)
  }
}
