extension Homography.Model {
  /// Pairs of points that determine it.
  public var leastPoints: Int {
    switch self {
    case .translation: 1
    case .similarity: 2
    case .affine: 3
    case .homography: 4
    }
  }

  /// Numbers that are free.
  public var parameters: Int { 2 * leastPoints }
}

extension Homography {
  /// The map of the given kind that takes `from` nearest to `to`, by weighted least squares in coordinates brought to
  /// unit size (R. Hartley, "In Defense of the Eight-Point Algorithm", 1997).
  ///
  /// - Parameter weights: one for each pair, or none where all count alike.
  /// - Returns: nil where the points do not determine it.
  public static func fit(
    _ model: Model, from: [SIMD2<Double>], to: [SIMD2<Double>], weights: [Double] = []
  ) -> Homography? {
    guard from.count == to.count, from.count >= model.leastPoints, weights.isEmpty || weights.count == from.count,
      let a = Normalisation(from, weights), let b = Normalisation(to, weights)
    else { return nil }
    if model == .translation {
      let shift = b.center - a.center
      return .translation(shift.x, shift.y)
    }
    var map: Homography?
    // The homography's equations are divided by its denominator, known from the round before.
    for _ in 0..<(model == .homography && from.count > 4 ? 3 : 1) {
      guard let solution = solve(model, from, to, weights, a, b, denominators: map) else { return nil }
      map = solution
    }
    guard let inverse = b.matrix.inverse, let map else { return nil }
    let result = inverse * map * a.matrix
    return result.m.allSatisfy(\.isFinite) ? result : nil
  }

  private static func solve(
    _ model: Model, _ from: [SIMD2<Double>], _ to: [SIMD2<Double>], _ weights: [Double], _ a: Normalisation,
    _ b: Normalisation, denominators: Homography?
  ) -> Homography? {
    var system = LinearSystem(size: model.parameters)
    for i in from.indices {
      let p = a(from[i])
      let q = b(to[i])
      var weight = weights.isEmpty ? 1 : weights[i]
      if weight == 0 { continue }
      if let m = denominators?.m {
        let w = m[6] * p.x + m[7] * p.y + 1
        weight /= max(w * w, 1e-6)
      }
      switch model {
      case .similarity:
        system.add(SIMD8(p.x, -p.y, 1, 0, 0, 0, 0, 0), equals: q.x, weight: weight)
        system.add(SIMD8(p.y, p.x, 0, 1, 0, 0, 0, 0), equals: q.y, weight: weight)
      case .homography:
        system.add(SIMD8(p.x, p.y, 1, 0, 0, 0, -p.x * q.x, -p.y * q.x), equals: q.x, weight: weight)
        system.add(SIMD8(0, 0, 0, p.x, p.y, 1, -p.x * q.y, -p.y * q.y), equals: q.y, weight: weight)
      case .affine, .translation:
        system.add(SIMD8(p.x, p.y, 1, 0, 0, 0, 0, 0), equals: q.x, weight: weight)
        system.add(SIMD8(0, 0, 0, p.x, p.y, 1, 0, 0), equals: q.y, weight: weight)
      }
    }
    guard let s = system.solved() else { return nil }
    switch model {
    case .similarity: return Homography([s[0], -s[1], s[2], s[1], s[0], s[3], 0, 0, 1])
    case .homography: return Homography(s + [1])
    case .affine, .translation: return Homography(s + [0, 0, 1])
    }
  }
}

/// Moves points to mean zero and root mean square distance √2.
private struct Normalisation {
  let center: SIMD2<Double>
  let scale: Double

  init?(_ points: [SIMD2<Double>], _ weights: [Double]) {
    var sum = SIMD2<Double>.zero
    var total = 0.0
    for (i, p) in points.enumerated() {
      let w = weights.isEmpty ? 1 : weights[i]
      sum += w * p
      total += w
    }
    guard total > 0 else { return nil }
    let center = sum / total
    var spread = 0.0
    for (i, p) in points.enumerated() {
      let d = p - center
      spread += (weights.isEmpty ? 1 : weights[i]) * (d * d).sum()
    }
    guard spread.isFinite, center.x.isFinite, center.y.isFinite else { return nil }
    self.center = center
    scale = spread > 1e-12 ? (2 * total / spread).squareRoot() : 1
  }

  func callAsFunction(_ p: SIMD2<Double>) -> SIMD2<Double> { (p - center) * scale }

  var matrix: Homography { Homography([scale, 0, -scale * center.x, 0, scale, -scale * center.y, 0, 0, 1]) }
}
