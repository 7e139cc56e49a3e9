import Imaging
import Motion

/// The camera's motion from one frame to both neighbours.
struct CameraStep: Sendable {
  private let later: Homography.Unrolled?
  private let earlier: Homography.Unrolled?

  init(later: Homography?, earlier: Homography?) {
    (self.later, self.earlier) = (later.map(Homography.Unrolled.init), earlier.map(Homography.Unrolled.init))
  }

  /// Lanes as in `TwoWayFlow`; zeros where there is no neighbour.
  func vector(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let place = SIMD2(Float(x), Float(y))
    var out = SIMD4<Float>.zero
    if let later { out.lowHalf = later(place) - place }
    if let earlier { out.highHalf = earlier(place) - place }
    return out
  }

  /// The vectors of a region, row-major.
  func field(_ region: Region) -> [SIMD4<Float>] {
    var out: [SIMD4<Float>] = []
    out.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX { out.append(vector(x, y)) }
    }
    return out
  }
}
