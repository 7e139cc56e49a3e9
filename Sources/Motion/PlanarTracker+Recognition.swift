import Foundation
import Imaging

extension PlanarTracker {
  /// Whether a mask is better followed as something flat: its outline fills a rectangle, turned as may be, and a later
  /// frame shows the same pixels under one map of the plane.
  ///
  /// Round or ragged flat things are not recognised: ask for them. The further `later` is away, the surer the answer.
  public static func looksPlanar(_ mask: Plane<UInt8>, in image: RGBImage, later: RGBImage) -> Bool {
    let area = mask.samples.reduce(0) { $0 + ($1 >= 128 ? 1 : 0) }
    guard area > 0, Double(area) > 0.85 * mask.leastRectangle,
      var tracker = try? PlanarTracker(image: image, mask: mask)
    else { return false }
    let match = tracker.step(later)
    return !match.isLost && match.ncc > 0.93 && match.visibleShare > 0.85
  }
}

extension Plane where Sample == UInt8 {
  /// The area of the smallest rectangle, turned as may be, around all samples of 128 and more.
  fileprivate var leastRectangle: Double {
    var corners: [SIMD2<Double>] = []
    for y in 0..<height {
      let row = samples[y * width..<(y + 1) * width]
      guard let left = row.firstIndex(where: { $0 >= 128 }), let right = row.lastIndex(where: { $0 >= 128 }) else {
        continue
      }
      for top in [-0.5, 0.5] {
        corners.append(SIMD2(Double(left - y * width) - 0.5, Double(y) + top))
        corners.append(SIMD2(Double(right - y * width) + 0.5, Double(y) + top))
      }
    }
    var least = Double.infinity
    for degree in 0..<90 {
      let angle = Double(degree) * .pi / 180
      let (c, s) = (cos(angle), sin(angle))
      let (u, v) = (corners.map { $0.x * c + $0.y * s }, corners.map { $0.y * c - $0.x * s })
      guard let u0 = u.min(), let u1 = u.max(), let v0 = v.min(), let v1 = v.max() else { return 0 }
      least = Swift.min(least, (u1 - u0) * (v1 - v0))
    }
    return least
  }
}
