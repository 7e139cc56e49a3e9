import Imaging
import Motion

/// The motion of one frame's pixels to the next frame (lanes 0, 1) and to the previous one (lanes 2, 3), in pixels.
struct TwoWayFlow: Sendable {
  let width: Int
  let height: Int
  /// `width * height` vectors, row-major. A direction without a neighbour holds zeros.
  var vectors: [SIMD4<Float>]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    vectors = [SIMD4<Float>](repeating: .zero, count: width * height)
  }

  /// Sets the lanes of one direction from `flow`, whose top left corner lies at `region`'s.
  mutating func set(_ direction: ChainDirection, to flow: FlowField, at region: Region) {
    for y in 0..<region.height {
      let row = (y + region.y) * width + region.x
      for x in 0..<region.width {
        let vector = flow.vectors[y * region.width + x]
        switch direction {
        case .later: vectors[row + x].lowHalf = vector
        case .earlier: vectors[row + x].highHalf = vector
        }
      }
    }
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
