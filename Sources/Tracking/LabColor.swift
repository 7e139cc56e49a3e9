import Foundation

/// sRGB to CIE L*a*b* (D65) by tables, scaled so that each component spans roughly -1…1: (L / 50 - 1, a / 40, b / 40).
enum LabColor {
  private static let linear: [Float] = (0...2040).map { step in
    let v = Double(step) / 2040
    return Float(v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4))
  }

  private static let response: [Float] = (0...4096).map { step in
    let t = Double(step) / 4096
    return Float(t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116)
  }

  /// Planes L, a, b one after another, from R'G'B' levels 0…255.
  static func planes(_ cells: [SIMD4<Float>]) -> [Float] {
    let count = cells.count
    return [Float](unsafeUninitializedCapacity: 3 * count) { out, initialized in
      linear.withUnsafeBufferPointer { linear in
        response.withUnsafeBufferPointer { response in
          cells.withUnsafeBufferPointer { cells in
            for i in 0..<count {
              let lab = convert(cells[i], linear, response)
              out[i] = lab.x
              out[count + i] = lab.y
              out[2 * count + i] = lab.z
            }
          }
        }
      }
      initialized = 3 * count
    }
  }

  @inline(__always)
  private static func convert(
    _ cell: SIMD4<Float>, _ linear: UnsafeBufferPointer<Float>, _ response: UnsafeBufferPointer<Float>
  ) -> SIMD3<Float> {
    let index = SIMD4<Int32>(cell.clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255)) * 8 + 0.5)
    let r = linear[Int(index.x)]
    let g = linear[Int(index.y)]
    let b = linear[Int(index.z)]
    let x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    let y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    let z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883
    let fx = response[Int(min(1, x) * 4096 + 0.5)]
    let fy = response[Int(min(1, y) * 4096 + 0.5)]
    let fz = response[Int(min(1, z) * 4096 + 0.5)]
    return SIMD3((116 * fy - 16) / 50 - 1, 500 * (fx - fy) / 40, 200 * (fy - fz) / 40)
  }
}
