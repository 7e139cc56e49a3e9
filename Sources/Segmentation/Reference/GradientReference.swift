import Imaging

/// What the kernels of `cpk_segment_table` compute, written plainly: the same sums in the same order.
enum GradientReference {
  /// Along x, edges clamped.
  static func convolvedRows(_ plane: Plane<Float>, taps: [Float]) -> Plane<Float> {
    convolved(plane, taps: taps) { plane.clamped($0 + $2, $1) }
  }

  /// Along y, edges clamped.
  static func convolvedColumns(_ plane: Plane<Float>, taps: [Float]) -> Plane<Float> {
    convolved(plane, taps: taps) { plane.clamped($0, $1 + $2) }
  }

  private static func convolved(
    _ plane: Plane<Float>, taps: [Float], at sample: (_ x: Int, _ y: Int, _ offset: Int) -> Float
  ) -> Plane<Float> {
    var out = Plane<Float>(width: plane.width, height: plane.height, repeating: 0)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        for (index, tap) in taps.enumerated() { out[x, y] += tap * sample(x, y, index - taps.count / 2) }
      }
    }
    return out
  }

  /// The square root of the structure tensor's larger eigenvalue, from central differences (Di Zenzo 1986).
  static func colorGradient(_ planes: [Plane<Float>]) -> Plane<Float> {
    var out = planes[0]
    for y in 0..<out.height {
      for x in 0..<out.width {
        var xx: Float = 0
        var yy: Float = 0
        var xy: Float = 0
        for plane in planes {
          let dx = plane.clamped(x + 1, y) - plane.clamped(x - 1, y)
          let dy = plane.clamped(x, y + 1) - plane.clamped(x, y - 1)
          xx += dx * dx
          yy += dy * dy
          xy += dx * dy
        }
        let half = xx - yy
        let root = (half * half + 4 * xy * xy).squareRoot()
        out[x, y] = 0.5 * (0.5 * (xx + yy + root)).squareRoot()
      }
    }
    return out
  }
}

extension Plane where Sample == Float {
  fileprivate func clamped(_ x: Int, _ y: Int) -> Float {
    self[min(max(x, 0), width - 1), min(max(y, 0), height - 1)]
  }
}
