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
  func vector(at place: SIMD2<Float>) -> SIMD4<Float> {
    var out = SIMD4<Float>.zero
    if let later { out.lowHalf = later(place) - place }
    if let earlier { out.highHalf = earlier(place) - place }
    return out
  }

  /// The vectors of a flow's cells, row-major.
  func field(_ cells: Region) -> [SIMD4<Float>] {
    var out: [SIMD4<Float>] = []
    out.reserveCapacity(cells.area)
    for row in cells.y..<cells.maxY {
      for column in cells.x..<cells.maxX { out.append(vector(at: TwoWayFlow.middle(column, row))) }
    }
    return out
  }
}
