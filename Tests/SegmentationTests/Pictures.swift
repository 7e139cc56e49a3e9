import Imaging
import TestSupport

/// Rendered pictures whose objects are known exactly.
enum Pictures {
  /// A red textured disc in the middle of a green textured ground.
  static func disc(width: Int, height: Int) -> RGBImage {
    paint(width, height) { x, y in isInDisc(x, y, width, height) ? SIMD3(190, 60, 50) : SIMD3(70, 130, 80) }
  }

  static func discTruth(width: Int, height: Int) -> Plane<UInt8> {
    truth(width, height) { isInDisc($0, $1, width, height) }
  }

  static func isInDisc(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> Bool {
    let (dx, dy) = (2 * x - width, 2 * y - height)
    let radius = min(width, height) / 2
    return dx * dx + dy * dy <= radius * radius
  }

  static func truth(_ width: Int, _ height: Int, _ isInside: (Int, Int) -> Bool) -> Plane<UInt8> {
    var truth = Plane<UInt8>(width: width, height: height, repeating: 0)
    for y in 0..<height {
      for x in 0..<width where isInside(x, y) { truth[x, y] = 255 }
    }
    return truth
  }

  /// Levels by place, with a noise of ±12 that is the same every time.
  static func paint(_ width: Int, _ height: Int, _ color: (Int, Int) -> SIMD3<Float>) -> RGBImage {
    var random = SplitMix64(seed: 5)
    var image = RGBImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let noise = Float(Int.random(in: -12...12, using: &random))
        let level = color(x, y) + SIMD3(repeating: noise)
        image[x, y] = RGBImage.fixed(SIMD4(level.x, level.y, level.z, 0))
      }
    }
    return image
  }
}
