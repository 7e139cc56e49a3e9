import Imaging

/// A mark that lets the picture through, always alike: each pixel shows `transparency * picture + veil`.
///
/// What the fill says of the picture and what the mark shows of it are compared over all frames: the ratio of their
/// spreads is the transparency, the difference of their means the veil. That holds where the picture moves behind the
/// mark and the fill follows it; elsewhere the fill stays.
struct TranslucentMark {
  private let hole: HoleSites
  private let transparency: [Float]
  private let veil: [SIMD4<Float>]
  /// How far to believe the above, 0…1: by the correlation of mark and fill.
  private let belief: [Float]

  private static let fewestFrames = 12
  /// Spread of the picture over the frames, in squared levels, below which nothing can be told.
  private static let leastVariance: Float = 12
  /// Below this transparency the noise that is left would be raised too much.
  private static let leastTransparency: Float = 0.2
  /// Correlations between which belief rises from none to full.
  private static let correlations: ClosedRange<Float> = 0.8...0.95

  /// - Parameters: the frames as they came, and as they were filled; the hole of all of them.
  /// nil where there are too few frames.
  init?(_ frames: [RGBImage], filled: [RGBImage], hole mask: Plane<UInt8>) {
    guard frames.count >= TranslucentMark.fewestFrames, mask.boundingBox != nil else { return nil }
    hole = HoleSites(mask)
    var transparency: [Float] = []
    var veil: [SIMD4<Float>] = []
    var belief: [Float] = []
    for pixel in hole.pixels {
      let relation = TranslucentMark.relation(
        frames.map { $0.level(pixel: Int(pixel)) }, filled.map { $0.level(pixel: Int(pixel)) })
      transparency.append(relation.slope)
      veil.append(relation.offset)
      belief.append(relation.belief)
    }
    (self.transparency, self.veil, self.belief) = (transparency, veil, belief)
  }

  /// The line through what the mark shows over what the fill says; samples far from it are left out of a second round.
  private static func relation(
    _ seen: [SIMD4<Float>], _ behind: [SIMD4<Float>]
  ) -> (slope: Float, offset: SIMD4<Float>, belief: Float) {
    var isUsed = [Bool](repeating: true, count: seen.count)
    var line = fit(seen, behind, isUsed)
    let errors = seen.indices.map { index -> Float in
      let d = seen[index] - behind[index] * line.slope - line.offset
      return (d * d).sum()
    }
    let limit = 6 * errors.sorted()[errors.count / 2] + 1
    for index in errors.indices { isUsed[index] = errors[index] <= limit }
    line = fit(seen, behind, isUsed)
    guard line.slope >= leastTransparency, line.variance >= leastVariance else { return (1, .zero, 0) }
    let (low, high) = (correlations.lowerBound, correlations.upperBound)
    return (min(1, line.slope), line.offset, min(1, max(0, (line.correlation - low) / (high - low))))
  }

  private static func fit(
    _ seen: [SIMD4<Float>], _ behind: [SIMD4<Float>], _ isUsed: [Bool]
  ) -> (slope: Float, offset: SIMD4<Float>, variance: Float, correlation: Float) {
    var (count, meanSeen, meanBehind) = (Float(0), SIMD4<Float>.zero, SIMD4<Float>.zero)
    for index in seen.indices where isUsed[index] {
      meanSeen += seen[index]
      meanBehind += behind[index]
      count += 1
    }
    meanSeen /= max(1, count)
    meanBehind /= max(1, count)
    var (varianceSeen, varianceBehind, covariance) = (Float(0), Float(0), Float(0))
    for index in seen.indices where isUsed[index] {
      let (a, b) = (seen[index] - meanSeen, behind[index] - meanBehind)
      varianceSeen += (a * a).sum()
      varianceBehind += (b * b).sum()
      covariance += (a * b).sum()
    }
    guard varianceBehind > 0, varianceSeen > 0 else { return (0, .zero, 0, 0) }
    let slope = (varianceSeen / varianceBehind).squareRoot()
    return (
      slope, meanSeen - meanBehind * slope, varianceBehind / (3 * max(1, count)),
      covariance / (varianceSeen * varianceBehind).squareRoot()
    )
  }

  /// Takes the mark off `frame`; where it cannot be told, the pixel stays as `filled` has it.
  func removed(from frame: RGBImage, filled: RGBImage) -> RGBImage {
    var out = filled
    for site in 0..<hole.count where belief[site] > 0 {
      let pixel = Int(hole.pixels[site])
      let clear = (frame.level(pixel: pixel) - veil[site]) / transparency[site]
      let fill = filled.level(pixel: pixel)
      out.pixels[pixel] = RGBImage.fixed(fill + (clear - fill) * belief[site])
    }
    return out
  }
}
