/// A projective map of the plane, row-major: (x, y) goes to ((m0 x + m1 y + m2) / w, (m3 x + m4 y + m5) / w) with
/// w = m6 x + m7 y + m8.
public struct Homography: Sendable, Equatable, Codable {
  /// How much a fitted map was allowed to do.
  public enum Model: String, Sendable, Codable, CaseIterable { case translation, similarity, affine, homography }

  /// Nine numbers.
  public var m: [Double]

  /// - Precondition: nine numbers.
  public init(_ m: [Double]) {
    precondition(m.count == 9, "a homography has nine numbers")
    self.m = m
  }

  public static let identity = Homography([1, 0, 0, 0, 1, 0, 0, 0, 1])

  public static func translation(_ x: Double, _ y: Double) -> Homography { Homography([1, 0, x, 0, 1, y, 0, 0, 1]) }

  public func callAsFunction(_ p: SIMD2<Float>) -> SIMD2<Float> { SIMD2<Float>(apply(SIMD2<Double>(p))) }

  /// The same in double precision. Points on the horizon go far away, but never to NaN.
  public func apply(_ p: SIMD2<Double>) -> SIMD2<Double> {
    let w = m[6] * p.x + m[7] * p.y + m[8]
    let safe = abs(w) < 1e-12 ? (w < 0 ? -1e-12 : 1e-12) : w
    return SIMD2(m[0] * p.x + m[1] * p.y + m[2], m[3] * p.x + m[4] * p.y + m[5]) / safe
  }

  public var determinant: Double {
    m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6])
  }

  /// Nil where the map is singular or not finite.
  public var inverse: Homography? {
    let d = determinant
    let size = m.reduce(0) { max($0, abs($1)) }
    guard d.isFinite, size > 0, abs(d) > 1e-15 * size * size * size else { return nil }
    return Homography(
      [
        m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
        m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
        m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
      ].map { $0 / d }
    ).normalised
  }

  /// The same map with the last number 1, where that can be.
  public var normalised: Homography {
    abs(m[8]) < 1e-12 ? self : Homography(m.map { $0 / m[8] })
  }

  /// First the right one, then the left one.
  public static func * (left: Homography, right: Homography) -> Homography {
    var out = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 { out[3 * row + column] += left.m[3 * row + k] * right.m[3 * k + column] }
      }
    }
    return Homography(out).normalised
  }
}

extension Homography {
  /// The same map for loops over pixels: its numbers lie where they are used.
  @frozen
  public struct Unrolled: Sendable {
    @usableFromInline let x, y, w: SIMD3<Double>

    public init(_ map: Homography) {
      let m = map.m
      (x, y, w) = (SIMD3(m[0], m[1], m[2]), SIMD3(m[3], m[4], m[5]), SIMD3(m[6], m[7], m[8]))
    }

    @inlinable
    public func callAsFunction(_ p: SIMD2<Float>) -> SIMD2<Float> {
      let (px, py) = (Double(p.x), Double(p.y))
      let depth = w.x * px + w.y * py + w.z
      let safe = abs(depth) < 1e-12 ? (depth < 0 ? -1e-12 : 1e-12) : depth
      return SIMD2(Float((x.x * px + x.y * py + x.z) / safe), Float((y.x * px + y.y * py + y.z) / safe))
    }
  }
}
