import Imaging
import TestSupport
import Testing

@testable import Tracking

/// Soft discs with strands over a textured ground: every pixel's coverage is known.
@Suite("Edge mattes")
struct EdgeMatteTests {
  private static let size = 160

  private struct Scene {
    var image = RGBImage(width: EdgeMatteTests.size, height: EdgeMatteTests.size)
    var alpha = [Float](repeating: 0, count: EdgeMatteTests.size * EdgeMatteTests.size)
    var mask = Plane<UInt8>(width: EdgeMatteTests.size, height: EdgeMatteTests.size, repeating: 0)

    /// - Parameters:
    ///   - softness: half the width, in pixels, over which the edge fades.
    ///   - strands: whether thin hairs stand out around it.
    init(softness: Float, strands: Bool) {
      var random = SplitMix64(seed: 3)
      let n = EdgeMatteTests.size
      for y in 0..<n {
        for x in 0..<n {
          let (dx, dy) = (Float(x) - 80, Float(y) - 80)
          let radius = (dx * dx + dy * dy).squareRoot()
          var cover = max(0, min(1, 0.5 + (40 - radius) / (2 * softness)))
          if strands, radius > 38, radius < 48, Int((dx / radius * 20).rounded()) % 3 == 0 { cover = max(cover, 0.6) }
          let noise = Float(random.next() % 9) - 4
          let object = SIMD4<Float>(190, 120, 70, 0) + 12 * Float((x / 7 + y / 5) % 2) + noise
          let ground = SIMD4<Float>(50, 90, 120, 0) + 18 * Float((x / 11 + y / 9) % 2) + noise
          image[x, y] = RGBImage.fixed(object * cover + ground * (1 - cover))
          alpha[y * n + x] = cover
          mask[x, y] = cover >= 0.5 ? 255 : 0
        }
      }
    }

    /// Mean error where the truth is soft.
    func error(_ matte: Plane<UInt8>) -> Float {
      let soft = alpha.indices.filter { alpha[$0] > 0.02 && alpha[$0] < 0.98 }
      return soft.reduce(0) { $0 + abs(alpha[$1] - Float(matte.samples[$1]) / 255) } / Float(max(1, soft.count))
    }
  }

  @Test("blurred edges and strands come out as soft as they are", arguments: [(2, false), (4, false), (4, true)])
  func softness(_ width: Int, _ strands: Bool) {
    let scene = Scene(softness: Float(width), strands: strands)
    let matte = EdgeMatte.alpha(scene.image, coverage: scene.mask, reach: 8)
    let (soft, hard) = (scene.error(matte), scene.error(scene.mask))
    #expect(soft < 0.09, "\(soft)")
    #expect(soft < 0.4 * hard, "\(soft) against \(hard) of the mask")
  }

  @Test("a sharp edge stays sharp, and nothing changes away from it")
  func sharpness() {
    let scene = Scene(softness: 0.5, strands: false)
    let matte = EdgeMatte.alpha(scene.image, coverage: scene.mask, reach: 6)
    let wrong = scene.alpha.indices.reduce(Float(0)) { $0 + abs(scene.alpha[$1] - Float(matte.samples[$1]) / 255) }
    #expect(wrong < 60, "\(wrong) pixels")
    for y in 0..<Self.size {
      for x in 0..<Self.size {
        let radius = (Float((x - 80) * (x - 80) + (y - 80) * (y - 80))).squareRoot()
        if abs(radius - 40) > 8 { #expect(matte[x, y] == scene.mask[x, y]) }
      }
    }
  }

  @Test("colours too alike leave the mask as it is")
  func alike() {
    let flat = RGBImage(width: 40, height: 40, repeating: SIMD4(9000, 9000, 9000, 0))
    var mask = Plane<UInt8>(width: 40, height: 40, repeating: 0)
    for y in 10..<30 { for x in 10..<30 { mask[x, y] = 255 } }
    let matte = EdgeMatte.alpha(flat, coverage: mask, reach: 5)
    #expect(matte == mask)
    let empty = Plane<UInt8>(width: 40, height: 40, repeating: 0)
    #expect(EdgeMatte.alpha(flat, coverage: empty, reach: 5) == empty)
    let whole = Plane<UInt8>(width: 40, height: 40, repeating: 255)
    #expect(EdgeMatte.alpha(flat, coverage: whole, reach: 5) == whole)
  }
}
