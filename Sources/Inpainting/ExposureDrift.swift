import Imaging
import Motion

/// Slow changes of exposure and white balance, as a gain of each channel from frame to frame, measured along the flow
/// at pixels that both frames show.
enum ExposureDrift {
  /// The gain of each frame relative to the first; divide a target's by a source's to bring the source's levels to
  /// the target's.
  static func gains(
    pictures: [RGBImage], flows: [TwoWayFlow], known: [Plane<UInt8>], threads: Int
  ) -> [SIMD4<Float>] {
    var steps = [SIMD4<Float>](repeating: SIMD4(repeating: 1), count: pictures.count)
    steps.withUnsafeMutableBufferPointer { steps in
      nonisolated(unsafe) let steps = steps
      Rows.concurrently(max(0, pictures.count - 1), threads: threads, minimumBand: 1) { band in
        for index in band {
          steps[index + 1] = step(
            from: pictures[index], to: pictures[index + 1], flow: flows[index], known: known[index],
            knownNext: known[index + 1])
        }
      }
    }
    for index in steps.indices.dropFirst() { steps[index] *= steps[index - 1] }
    return steps
  }

  private static let sampleStride = 3
  /// Differences in levels beyond which two pixels do not show the same thing.
  private static let outlier: Float = 24

  private static func step(
    from: RGBImage, to: RGBImage, flow: TwoWayFlow, known: Plane<UInt8>, knownNext: Plane<UInt8>
  ) -> SIMD4<Float> {
    var before = SIMD4<Float>.zero
    var after = SIMD4<Float>.zero
    var count = 0
    let region = flow.region
    for y in stride(from: region.y + 1, to: region.maxY - 1, by: sampleStride) {
      for x in stride(from: region.x + 1, to: region.maxX - 1, by: sampleStride) where known[x, y] != 0 {
        let vector = flow[x, y]
        let column = Int((Float(x) + vector.x).rounded())
        let row = Int((Float(y) + vector.y).rounded())
        guard column >= 0, row >= 0, column < to.width, row < to.height, knownNext[column, row] != 0 else { continue }
        let (a, b) = (from.level(x, y), to.level(column, row))
        let d = b - a
        guard max(abs(d.x), abs(d.y), abs(d.z)) < outlier, max(a.x, a.y, a.z) < 245 else { continue }
        before += a
        after += b
        count += 1
      }
    }
    guard count >= 64 else { return SIMD4(repeating: 1) }
    let gain = (after + SIMD4(repeating: Float(count))) / (before + SIMD4(repeating: Float(count)))
    return gain.clamped(lowerBound: SIMD4(repeating: 0.8), upperBound: SIMD4(repeating: 1.25))
  }
}
