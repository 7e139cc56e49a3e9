import Foundation
import Imaging

extension PlanarTracker {
  /// The least mean square of the lightness gradient, along the direction in which it is least: a plain surface and one
  /// with stripes slide along themselves unseen.
  private static let leastTexture = 12.0

  /// Whether a mask is surely better followed as something flat: its outline fills a rectangle, turned as may be, it shows
  /// texture, and all of the frames that follow show the same pixels under one map of the plane.
  ///
  /// Round or ragged flat things are not recognised: ask for them. The more frames, the surer the answer.
  public static func looksPlanar(
    _ mask: Plane<UInt8>, in image: RGBImage, later: () throws -> RGBImage?
  ) rethrows -> Bool {
    let area = mask.samples.reduce(0) { $0 + ($1 >= 128 ? 1 : 0) }
    guard area > 0, Double(area) > 0.85 * mask.leastRectangle, image.leastTexture(in: mask) > leastTexture,
      var tracker = try? PlanarTracker(image: image, mask: mask)
    else { return false }
    var wasSeen = false
    while let frame = try later() {
      let match = tracker.step(frame)
      guard !match.isLost, match.ncc > 0.93, match.visibleShare > 0.85 else { return false }
      wasSeen = true
    }
    return wasSeen
  }
}

extension RGBImage {
  /// The smaller eigenvalue of the mean structure tensor of the lightness, levels 0…255, inside `mask`.
  fileprivate func leastTexture(in mask: Plane<UInt8>) -> Double {
    var (xx, xy, yy, count) = (0.0, 0.0, 0.0, 0.0)
    let luma = self.luma
    for y in 1..<max(1, mask.height - 1) {
      for x in 1..<max(1, mask.width - 1) {
        let isInside = mask[x - 1, y] >= 128 && mask[x + 1, y] >= 128 && mask[x, y - 1] >= 128 && mask[x, y + 1] >= 128
        guard isInside else { continue }
        let dx = (Double(luma[x + 1, y]) - Double(luma[x - 1, y])) / 2
        let dy = (Double(luma[x, y + 1]) - Double(luma[x, y - 1])) / 2
        xx += dx * dx
        xy += dx * dy
        yy += dy * dy
        count += 1
      }
    }
    guard count > 0 else { return 0 }
    let (mean, half) = ((xx + yy) / 2, (xx - yy) / 2)
    return (mean - (half * half + xy * xy).squareRoot()) / count
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
