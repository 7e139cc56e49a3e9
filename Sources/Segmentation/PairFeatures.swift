import Foundation

/// How alike two touching regions are, as numbers for the fitted edge model.
struct PairFeatures {
  var values: SIMD16<Float>

  init(_ first: RegionStatistics, _ second: RegionStatistics, boundary: Boundary) {
    let edge = boundary.mean
    let difference = first.meanColor - second.meanColor
    let spread = first.variance + second.variance
    let distance = (difference.x * difference.x + difference.y * difference.y + difference.z * difference.z)
      .squareRoot()
    let inner =
      (first.moments.w + second.moments.w) / max(first.area + second.area, 1)
    let small = min(first.area, second.area)
    values = SIMD16(
      log1p(edge[0]), log1p(edge[1]), log1p(edge[2]), edge[5],
      abs(difference.x) / 10, (difference.y * difference.y + difference.z * difference.z).squareRoot() / 10,
      distance / (spread.x + spread.y + spread.z + 4).squareRoot(),
      abs(difference.w) / (spread.w + 1).squareRoot(),
      PairFeatures.chiSquared(first.lightness.lowHalf, second.lightness.lowHalf, first.area, second.area),
      PairFeatures.chiSquared(first.lightness.highHalf, second.lightness.highHalf, first.area, second.area),
      PairFeatures.chiSquared(first.chroma.lowHalf, second.chroma.lowHalf, first.area, second.area),
      PairFeatures.chiSquared(first.chroma.highHalf, second.chroma.highHalf, first.area, second.area),
      log(small + 1) - 5, log(max(first.area, second.area) + 1) - 7,
      boundary.length / max(min(first.perimeter, second.perimeter), 1),
      log1p(edge[3]) - log1p(inner))
  }

  /// How likely a person would draw an edge between the two, 0…1.
  var edgeProbability: Float { FittedModels.pair.probability(values) }

  private static func chiSquared(
    _ first: SIMD8<Float>, _ second: SIMD8<Float>, _ firstArea: Float, _ secondArea: Float
  ) -> Float {
    let p = first / max(firstArea, 1)
    let q = second / max(secondArea, 1)
    let difference = p - q
    return 0.5 * (difference * difference / (p + q + 1e-6)).sum()
  }
}
