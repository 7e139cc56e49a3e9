import Imaging
import Motion

/// The motion of one frame's pixels to the next frame (lanes 0, 1) and to the previous one (lanes 2, 3), in pixels, kept
/// around the hole only.
struct TwoWayFlow: Sendable {
  /// Where in the frame the vectors lie.
  let region: Region
  /// `region.area` vectors, row-major. A direction without a neighbour holds zeros.
  var vectors: [SIMD4<Float>]

  init(region: Region) {
    self.region = region
    vectors = [SIMD4<Float>](repeating: .zero, count: region.area)
  }

  /// The vector of the frame's pixel (x, y), which must lie within `region`.
  @inline(__always)
  subscript(x: Int, y: Int) -> SIMD4<Float> { vectors[(y - region.y) * region.width + x - region.x] }

  /// Sets the lanes of one direction from `flow`, whose top left corner lies at the frame's (x, y) of `place`.
  mutating func set(_ direction: ChainDirection, to flow: FlowField, at place: Region) {
    for y in region.y..<region.maxY {
      let row = (y - region.y) * region.width
      let source = (y - place.y) * flow.width + region.x - place.x
      for x in 0..<region.width {
        let vector = flow.vectors[source + x]
        switch direction {
        case .later: vectors[row + x].lowHalf = vector
        case .earlier: vectors[row + x].highHalf = vector
        }
      }
    }
  }

  /// The lanes of one direction, the size of the region.
  func field(_ direction: ChainDirection) -> FlowField {
    FlowField(
      width: region.width, height: region.height,
      vectors: vectors.map { direction == .later ? $0.lowHalf : $0.highHalf })
  }
}

/// Which way in time a chain leads.
enum ChainDirection: Int, Sendable, CaseIterable {
  case later = 0
  case earlier = 1

  var step: Int { self == .later ? 1 : -1 }
  /// The first lane of this direction in `TwoWayFlow`.
  var lane: Int { self == .later ? 0 : 2 }
}
