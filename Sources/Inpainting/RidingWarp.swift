import Imaging
import Motion

/// How the ground under a riding hole lies in another frame: one map of the plane, bent by what the surroundings show of
/// cloth that folds and of bodies that are not flat.
struct RidingWarp {
  let map: Homography
  let region: Region
  /// Pixels by which each pixel of the region is to be moved before it is mapped.
  private var bend: [SIMD4<Float>]

  private static let surroundings = 8
  /// Pixels by which surroundings may bend, and by which the flow there and back may miss.
  private static let most: Float = 3
  private static let gap: Float = 0.7
  private static let smoothing = 3

  /// - Parameters:
  ///   - map: from the picture to the key picture.
  ///   - hole: of the picture; the key picture is complete.
  init(
    _ map: Homography, around place: Region, picture: RGBImage, hole: Plane<UInt8>, key: RGBImage, keyHole: Plane<UInt8>
  ) {
    self.map = map
    region = place.grown(by: RidingWarp.surroundings).intersection(picture.bounds)
    bend = [SIMD4<Float>](repeating: .zero, count: region.area)
    guard region.width >= 16, region.height >= 16 else { return }
    var ignored = hole.cropped(to: region)
    var warped = picture.cropped(to: region)
    var (xs, ys): ([Float], [Float]) = ([], [])
    for pixel in 0..<region.area {
      let end = map(SIMD2(Float(region.x + pixel % region.width), Float(region.y + pixel / region.width)))
      let (right, bottom) = (Float(key.width - 1), Float(key.height - 1))
      let isInside = end.x >= 0 && end.y >= 0 && end.x <= right && end.y <= bottom
      xs.append(min(right, max(0, end.x)))
      ys.append(min(bottom, max(0, end.y)))
      if !isInside || keyHole[Int(xs[pixel].rounded()), Int(ys[pixel].rounded())] != 0 { ignored.samples[pixel] = 255 }
    }
    let colors = PictureSampling.sample(key, x: xs, y: ys, gain: SIMD4(repeating: 1))
    for pixel in colors.indices { warped.pixels[pixel] = RGBImage.fixed(colors[pixel]) }
    measure(picture.cropped(to: region), warped, ignored)
  }

  private mutating func measure(_ picture: RGBImage, _ warped: RGBImage, _ ignored: Plane<UInt8>) {
    let engine = OpticalFlow(.medium)
    let pyramids = [picture, warped].map { engine.pyramid($0.luma, ignoring: ignored) }
    let (forth, back) = engine.flowBothWays(pyramids[0], pyramids[1])
    var unknown = ignored.spread(by: 2)
    for pixel in bend.indices where unknown.samples[pixel] == 0 {
      let vector = forth.vectors[pixel]
      let (x, y) = (Float(pixel % region.width) + vector.x, Float(pixel / region.width) + vector.y)
      let isInside = x >= 0 && y >= 0 && x <= Float(region.width - 1) && y <= Float(region.height - 1)
      let miss = isInside ? vector + back.sampled(x, y) : SIMD2(repeating: RidingWarp.most)
      if (miss * miss).sum() > RidingWarp.gap * RidingWarp.gap
        || (vector * vector).sum() > RidingWarp.most * RidingWarp.most
      {
        unknown.samples[pixel] = 255
      } else {
        bend[pixel] = SIMD4(vector.x, vector.y, 0, 1)
      }
    }
    guard unknown.samples.contains(0) else { return }
    smooth(unknown)
    Membrane.fill(&bend, mask: unknown)
  }

  /// Means over a window of what is known.
  private mutating func smooth(_ unknown: Plane<UInt8>) {
    let (width, height, radius) = (region.width, region.height, RidingWarp.smoothing)
    for _ in 0..<2 {
      var across = bend
      for y in 0..<height {
        for x in 0..<width {
          var sum = SIMD4<Float>.zero
          for column in max(0, x - radius)...min(width - 1, x + radius) { sum += bend[y * width + column] }
          across[y * width + x] = sum
        }
      }
      for y in 0..<height {
        for x in 0..<width where unknown.samples[y * width + x] == 0 {
          var sum = SIMD4<Float>.zero
          for row in max(0, y - radius)...min(height - 1, y + radius) { sum += across[row * width + x] }
          bend[y * width + x] = sum / max(1, sum.w)
        }
      }
    }
  }

  /// Where a pixel of the picture lies in the key picture; nil beyond the region.
  func callAsFunction(_ x: Int, _ y: Int) -> SIMD2<Float>? {
    guard region.contains(x: x, y: y) else { return nil }
    let offset = bend[(y - region.y) * region.width + x - region.x]
    return map(SIMD2(Float(x) + offset.x, Float(y) + offset.y))
  }
}
