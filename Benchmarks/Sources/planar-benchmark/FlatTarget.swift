import Imaging

/// Something flat in a real clip, marked by hand on its first frame.
struct FlatTarget {
  let name: String
  let file: String
  /// Top left, top right, bottom right, bottom left.
  let quad: [SIMD2<Double>]

  static let all = [
    FlatTarget(
      name: "RAPHA logo", file: "logo.mp4",
      quad: [SIMD2(1354, 500), SIMD2(1584, 504), SIMD2(1584, 592), SIMD2(1340, 582)]),
    FlatTarget(
      name: "LM350h plate", file: "LM350h.mp4",
      quad: [SIMD2(273.5, 236.5), SIMD2(366, 255.5), SIMD2(365.5, 283), SIMD2(272.5, 264.5)]),
    FlatTarget(
      name: "MG4car plate", file: "MG4car.mp4",
      quad: [SIMD2(376.5, 289), SIMD2(451.5, 287.5), SIMD2(451.5, 306.5), SIMD2(376.5, 308.5)]),
  ]

  /// 255 for the pixels whose centres lie within `quad`, of the given size.
  static func mask(of quad: [SIMD2<Double>], width: Int, height: Int) -> Plane<UInt8> {
    var mask = Plane<UInt8>(width: width, height: height, repeating: 0)
    for y in 0..<height {
      for x in 0..<width {
        let isInside = quad.indices.allSatisfy { k in
          let (a, b) = (quad[k], quad[(k + 1) % quad.count])
          return (b.x - a.x) * (Double(y) - a.y) - (b.y - a.y) * (Double(x) - a.x) >= 0
        }
        if isInside { mask[x, y] = 255 }
      }
    }
    return mask
  }
}
