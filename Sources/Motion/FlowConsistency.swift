import Imaging

/// How well the flows of a pair, there and back, agree.
public enum FlowConsistency {
  /// For each pixel the squared distance, in pixels, between it and where it ends after going along `forward` and
  /// back along `backward`. Infinite where it leaves the picture.
  public static func check(forward: FlowField, backward: FlowField) -> Plane<Float> {
    precondition(forward.width == backward.width && forward.height == backward.height, "flows of different sizes")
    let (right, bottom) = (Float(forward.width - 1), Float(forward.height - 1))
    var errors: [Float] = []
    errors.reserveCapacity(forward.vectors.count)
    for y in 0..<forward.height {
      for x in 0..<forward.width {
        let there = forward[x, y]
        let place = SIMD2(Float(x), Float(y)) + there
        guard place.x >= -0.5, place.y >= -0.5, place.x <= right + 0.5, place.y <= bottom + 0.5 else {
          errors.append(.infinity)
          continue
        }
        let loop = there + backward.sampled(place.x, place.y)
        errors.append(loop.x * loop.x + loop.y * loop.y)
      }
    }
    return Plane(width: forward.width, height: forward.height, samples: errors)
  }
}
