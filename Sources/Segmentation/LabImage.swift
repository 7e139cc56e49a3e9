import Foundation
import Imaging

/// CIE L*a*b* (D65, sRGB transfer) as three float planes, L scaled by 0.8 so that shading counts less than hue.
struct LabImage: Sendable {
  static let lightnessWeight: Float = 0.8

  let width: Int
  let height: Int
  var l: [Float]
  var a: [Float]
  var b: [Float]

  init(_ image: RGBImage) {
    self.init(image, region: image.bounds)
  }

  /// The part of `image` in `region`, which lies within it.
  init(_ image: RGBImage, region: Region) {
    width = region.width
    height = region.height
    l = [Float](repeating: 0, count: width * height)
    a = l
    b = l
    let tables = LabTables.shared
    var i = 0
    for y in region.y..<region.maxY {
      let row = y * image.width
      for x in region.x..<region.maxX {
        let lab = tables.lab(image.pixels[row + x])
        l[i] = lab.x
        a[i] = lab.y
        b[i] = lab.z
        i += 1
      }
    }
  }

  func color(at i: Int) -> SIMD4<Float> { SIMD4(l[i], a[i], b[i], 0) }
}

/// Transfer and cube root by table: exact enough (1e-3 of a level) and alike on every machine.
private struct LabTables: Sendable {
  static let shared = LabTables()
  private static let rootSize = 4096

  private let linear: [Float]
  private let root: [Float]

  private init() {
    linear = (0..<4096).map { i in
      let v = Double(i) * 16 / 65280
      return Float(v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4))
    }
    root = (0...LabTables.rootSize + 1).map { i in
      let t = Double(i) / Double(LabTables.rootSize)
      return Float(t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116)
    }
  }

  private func f(_ t: Float) -> Float {
    let scaled = min(max(t, 0), 1) * Float(LabTables.rootSize)
    let i = Int(scaled)
    return root[i] + (root[i + 1] - root[i]) * (scaled - Float(i))
  }

  @inline(__always)
  func lab(_ pixel: SIMD4<UInt16>) -> SIMD3<Float> {
    let r = linear[Int(pixel.x >> 4)]
    let g = linear[Int(pixel.y >> 4)]
    let b = linear[Int(pixel.z >> 4)]
    let fx = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047)
    let fy = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b)
    let fz = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883)
    return SIMD3((116 * fy - 16) * LabImage.lightnessWeight, 500 * (fx - fy), 200 * (fy - fz))
  }
}
