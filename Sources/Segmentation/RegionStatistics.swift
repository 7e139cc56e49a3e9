/// What is known of a region of the working image; that of a union is the sum (`formUnion`).
struct RegionStatistics: Sendable {
  /// Pixels.
  var area: Float = 0
  /// Sums of L, a, b and of the finest gradient (texture).
  var color = SIMD4<Float>.zero
  var colorSquares = SIMD4<Float>.zero
  /// Sums of x, y, x² + y² and of the blended gradient within.
  var moments = SIMD4<Float>.zero
  /// Smallest x, smallest y, largest x negated, largest y negated.
  var extent = SIMD4<Float>(repeating: .infinity)
  /// Pixel sides along the frame's left, top, right and bottom.
  var border = SIMD4<Float>.zero
  /// What lies along the contour, less the frame's border; see `Boundary`.
  var contour = Boundary.zero
  /// Histograms of L and texture (8 bins each), of a and b.
  var lightness = SIMD16<Float>.zero
  var chroma = SIMD16<Float>.zero

  var meanColor: SIMD4<Float> { color / max(area, 1) }
  var variance: SIMD4<Float> {
    let mean = meanColor
    return (colorSquares / max(area, 1) - mean * mean).clamped(
      lowerBound: .zero, upperBound: SIMD4(repeating: .greatestFiniteMagnitude))
  }
  var centroid: SIMD2<Float> { SIMD2(moments.x, moments.y) / max(area, 1) }
  var perimeter: Float { contour.length + border.sum() }
  var boxWidth: Float { -extent.z - extent.x + 1 }
  var boxHeight: Float { -extent.w - extent.y + 1 }
  var meanInnerGradient: Float { moments.w / max(area, 1) }

  mutating func add(x: Float, y: Float, color lab: SIMD4<Float>, gradient: SIMD4<Float>) {
    area += 1
    let value = SIMD4(lab.x, lab.y, lab.z, gradient.x)
    color += value
    colorSquares += value * value
    moments += SIMD4(x, y, x * x + y * y, gradient.w)
    extent = pointwiseMin(extent, SIMD4(x, y, -x, -y))
    lightness[RegionStatistics.bin(lab.x, low: 0, step: 10)] += 1
    lightness[8 + RegionStatistics.bin(gradient.x, low: 0, step: 1.6)] += 1
    chroma[RegionStatistics.bin(lab.y, low: -28, step: 7)] += 1
    chroma[8 + RegionStatistics.bin(lab.z, low: -28, step: 7)] += 1
  }

  private static func bin(_ value: Float, low: Float, step: Float) -> Int {
    Int(min(7, max(0, (value - low) / step)))
  }

  /// Takes in a neighbour; `shared` is the boundary between the two.
  mutating func formUnion(_ other: RegionStatistics, shared: Boundary) {
    area += other.area
    color += other.color
    colorSquares += other.colorSquares
    moments += other.moments
    extent = pointwiseMin(extent, other.extent)
    border += other.border
    contour = contour + other.contour - shared - shared
    lightness += other.lightness
    chroma += other.chroma
  }
}

/// Sums over the pixel sides of a boundary.
struct Boundary: Sendable {
  static let zero = Boundary()

  /// 0…3: gradients as in `GradientScales`; 4: length; 5: sides without an edge to speak of; 6: fitted edge probability.
  var sums = SIMD8<Float>.zero

  /// Below this blended gradient a side counts as open.
  static let openGradient: Float = 2.5

  var length: Float { sums[4] }
  /// Means over the length.
  var mean: SIMD8<Float> { sums / max(sums[4], 1) }

  mutating func add(_ gradient: SIMD4<Float>) {
    sums += SIMD8(
      gradient.x, gradient.y, gradient.z, gradient.w, 1, gradient.w < Boundary.openGradient ? 1 : 0, 0, 0)
  }

  static func + (left: Boundary, right: Boundary) -> Boundary { Boundary(sums: left.sums + right.sums) }
  static func - (left: Boundary, right: Boundary) -> Boundary { Boundary(sums: left.sums - right.sums) }
}
