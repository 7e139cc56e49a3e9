import CPixelKernels
import Imaging

/// The soft outline of an object: how far each pixel near the edge of its mask is covered, for hair, motion blur and
/// defocus.
///
/// Near the outline a pixel's colour is taken for a mixture of the object's and the background's colours nearby (the line
/// model of Ruzon and Tomasi, "Alpha Estimation in Natural Images", CVPR 2000); where the two are too alike to tell, and
/// away from the outline, the mask decides. The result is then fitted to the picture's edges by a guided filter (He, Sun,
/// Tang, "Guided Image Filtering", 2013).
public enum EdgeMatte {
  /// - Parameters:
  ///   - coverage: of the frame's size; samples of 128 and more are the object.
  ///   - reach: pixels on both sides of the mask's outline within which the edge may be soft; at least 1.
  /// - Returns: 0…255 of the frame's size; as the mask says farther than `reach` from its outline.
  public static func alpha(_ frame: RGBImage, coverage: Plane<UInt8>, reach: Int) -> Plane<UInt8> {
    let hard = coverage.map { $0 >= 128 ? UInt8(255) : 0 }
    guard frame.width == hard.width, frame.height == hard.height, let box = hard.boundingBox else { return hard }
    let reach = max(1, reach)
    let region = box.grown(by: 3 * reach).intersection(frame.bounds)
    let band = MatteBand(frame, hard, region: region, reach: reach)
    var alpha = hard
    for (i, value) in band.solved().enumerated() where abs(band.distance[i]) < Float(reach) {
      alpha[region.x + i % region.width, region.y + i / region.width] = UInt8(value * 255 + 0.5)
    }
    return alpha
  }
}

/// The pixels around one object. Arrays hold `region.area` values.
private struct MatteBand {
  let region: Region
  let reach: Int
  /// To the outline, in pixels, above 0 inside.
  let distance: [Float]
  /// Planes R', G', B', 0…1.
  private let levels: [[Float]]

  /// Squared distance between the two colours, in levels of 0…1, that noise alone may make up.
  private static let noise: Float = 0.003
  private static let guideNoise: Float = 0.0004
  /// Coverage so near to none, or to all, is the texture of the two sides.
  private static let floor: Float = 0.08

  init(_ frame: RGBImage, _ mask: Plane<UInt8>, region: Region, reach: Int) {
    self.region = region
    self.reach = reach
    var inside: [Bool] = []
    var levels = [[Float]](repeating: [], count: 3)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX {
        inside.append(mask[x, y] != 0)
        let level = frame.level(x, y) * (1 / 255)
        for c in 0..<3 { levels[c].append(level[c]) }
      }
    }
    distance = SignedDistance.of(inside, width: region.width, height: region.height, limit: Float(4 * reach))
    self.levels = levels
  }

  func solved() -> [Float] {
    let far = Float(reach)
    let object = means(of: distance.map { Self.weight($0, far) })
    let ground = means(of: distance.map { Self.weight(-$0, far) })
    var alpha = distance.map { max(0, min(1, 0.5 + $0)) }
    var trust = [Float](repeating: 0, count: region.area)
    for i in alpha.indices where abs(distance[i]) < far {
      let share = distance[i] / far
      var (along, apart): (Float, Float) = (0, 0)
      for c in 0..<3 {
        let difference = object[c][i] - ground[c][i]
        along += (levels[c][i] - ground[c][i]) * difference
        apart += difference * difference
      }
      let mixed = max(0, min(1, along / max(1e-6, apart)))
      // The nearer to the band's rim, the likelier that the mask is right.
      trust[i] = apart / (apart + Self.noise) * (1 - share * share)
      alpha[i] += (mixed - alpha[i]) * trust[i]
    }
    let fitted = guided(alpha)
    return alpha.indices.map { i in
      let value = alpha[i] + (fitted[i] - alpha[i]) * trust[i]
      return max(0, min(1, (value - Self.floor) / (1 - 2 * Self.floor)))
    }
  }

  /// Colours well on one side of the outline count most.
  private static func weight(_ depth: Float, _ far: Float) -> Float {
    let share = max(0, min(1, depth / far))
    return share * share * share + (depth > 0 ? 1e-4 : 0)
  }

  /// Weighted mean colours over windows that reach across the band.
  private func means(of weights: [Float]) -> [[Float]] {
    let total = mean(weights, 2 * reach)
    return levels.map { plane in
      let sum = mean(zip(plane, weights).map { $0 * $1 }, 2 * reach)
      return zip(sum, total).map { $0 / max(1e-9, $1) }
    }
  }

  /// The guided filter with lightness as its guide.
  private func guided(_ alpha: [Float]) -> [Float] {
    let radius = max(1, reach / 3)
    let guide = alpha.indices.map { 0.3 * levels[0][$0] + 0.59 * levels[1][$0] + 0.11 * levels[2][$0] }
    let (meanG, meanA) = (mean(guide, radius), mean(alpha, radius))
    let square = mean(guide.map { $0 * $0 }, radius)
    let product = mean(zip(guide, alpha).map { $0 * $1 }, radius)
    var slope = alpha
    var offset = alpha
    for i in alpha.indices {
      let variance = max(0, square[i] - meanG[i] * meanG[i])
      slope[i] = (product[i] - meanG[i] * meanA[i]) / (variance + Self.guideNoise)
      offset[i] = meanA[i] - slope[i] * meanG[i]
    }
    let (slopes, offsets) = (mean(slope, radius), mean(offset, radius))
    return alpha.indices.map { max(0, min(1, slopes[$0] * guide[$0] + offsets[$0])) }
  }

  private func mean(_ values: [Float], _ radius: Int) -> [Float] {
    var out = values
    var scratch = values
    cpk_track().pointee.box_mean(
      values, &out, &scratch, Int32(region.width), Int32(region.height), Int32(radius))
    return out
  }
}
