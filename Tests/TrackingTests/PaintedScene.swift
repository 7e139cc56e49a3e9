import Imaging

/// Discs with stripes that move over a textured ground, with exact masks.
struct PaintedScene {
  struct Disc {
    var x: Float
    var y: Float
    var radius: Float
    var color: SIMD4<Float>
  }

  var width = 192
  var height = 112
  /// How far the ground has moved to the left.
  var pan: Float = 0
  /// Painted in order; nil is absent. The k-th has label k + 1.
  var discs: [Disc?] = []
  /// An upright post in front of all.
  var post: Range<Int>?

  static let red = SIMD4<Float>(205, 45, 40, 0)
  static let yellow = SIMD4<Float>(215, 190, 40, 0)

  func render() -> (image: RGBImage, mask: Mask) {
    var image = RGBImage(width: width, height: height)
    var mask = Mask(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        var level = Self.ground(Float(x) + pan, Float(y))
        for (k, disc) in discs.enumerated() {
          guard let disc else { continue }
          let (dx, dy) = ((Float(x) - disc.x) / disc.radius, (Float(y) - disc.y) / disc.radius)
          if dx * dx + dy * dy > 1 { continue }
          let stripe: Float = Int((dx + dy + 4) * 3) % 2 == 0 ? 1 : 0.72
          level = disc.color * stripe
          mask.labels[x, y] = UInt8(k + 1)
        }
        if let post, post.contains(x) {
          level = SIMD4(96, 92, 88, 0) + Float((x * 7 + y * 13) % 11)
          mask.labels[x, y] = 0
        }
        image[x, y] = RGBImage.fixed(level)
      }
    }
    return (image, mask)
  }

  /// Greens and blues in blotches of three sizes.
  private static func ground(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let coarse = noise(x / 23, y / 23, 1)
    let middle = noise(x / 9, y / 9, 2)
    let fine = noise(x / 3, y / 3, 3)
    let light = 60 + 60 * coarse + 50 * middle + 30 * fine
    return SIMD4(light * 0.55, light * (0.8 + 0.2 * coarse), light * (0.9 - 0.3 * coarse), 0)
  }

  /// Value noise, 0…1.
  private static func noise(_ x: Float, _ y: Float, _ seed: Int) -> Float {
    let (x0, y0) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (fx, fy) = (x - Float(x0), y - Float(y0))
    func corner(_ i: Int, _ j: Int) -> Float {
      var h = UInt32(truncatingIfNeeded: i &* 374_761_393 &+ j &* 668_265_263 &+ seed &* 974_711)
      h = (h ^ (h >> 13)) &* 1_274_126_177
      return Float((h ^ (h >> 16)) & 0xFFFF) / 65535
    }
    let top = corner(x0, y0) * (1 - fx) + corner(x0 + 1, y0) * fx
    let bottom = corner(x0, y0 + 1) * (1 - fx) + corner(x0 + 1, y0 + 1) * fx
    return top * (1 - fy) + bottom * fy
  }
}
