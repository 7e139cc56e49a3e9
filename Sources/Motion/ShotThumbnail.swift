import Foundation
import Imaging

/// What the shot detector keeps of a frame.
struct ShotThumbnail: Sendable {
  static let width = 96
  static let height = 54
  /// The luma used for matching is half as large.
  static let lumaWidth = 48
  static let lumaHeight = 27
  static let blocks = 9
  private static let bins = 8 * 6 * 6

  /// Levels 0…255 of 48x27 samples.
  let luma: [Float]
  /// Standard deviation of `luma`.
  let contrast: Float
  /// For each of 3x3 blocks the shares of 8x6x6 Lab cells.
  private let histograms: [Float]

  init(_ image: RGBImage) {
    let small = ShotDetector.thumbnail(image)
    var luma = [Float](repeating: 0, count: Self.lumaWidth * Self.lumaHeight)
    var histograms = [Float](repeating: 0, count: Self.blocks * Self.bins)
    let share = 1 / Float(Self.width * Self.height / Self.blocks)
    for y in 0..<Self.height {
      for x in 0..<Self.width {
        let level = small.level(x, y)
        luma[y / 2 * Self.lumaWidth + x / 2] += (level.x * 0.299 + level.y * 0.587 + level.z * 0.114) * 0.25
        let block = y * 3 / Self.height * 3 + x * 3 / Self.width
        histograms[block * Self.bins + Self.cell(level)] += share
      }
    }
    let mean = luma.reduce(0, +) / Float(luma.count)
    contrast = (luma.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(luma.count)).squareRoot()
    self.luma = luma
    self.histograms = histograms
  }

  /// The cell of a colour in CIE L*a*b* (D65, sRGB primaries).
  private static func cell(_ level: SIMD4<Float>) -> Int {
    let linear = SIMD3(linearLight[Int(level.x)], linearLight[Int(level.y)], linearLight[Int(level.z)])
    let x = cubeRoot((linear * SIMD3(0.4339, 0.3762, 0.1899)).sum())
    let y = cubeRoot((linear * SIMD3(0.2126, 0.7152, 0.0722)).sum())
    let z = cubeRoot((linear * SIMD3(0.0178, 0.1095, 0.8727)).sum())
    let (l, a, b) = (116 * y - 16, 500 * (x - y), 200 * (y - z))
    func bin(_ value: Float, _ low: Float, _ high: Float, _ count: Int) -> Int {
      min(count - 1, max(0, Int((value - low) / (high - low) * Float(count))))
    }
    return (bin(l, 0, 100, 8) * 6 + bin(a, -45, 45, 6)) * 6 + bin(b, -45, 45, 6)
  }

  private static let linearLight: [Float] = (0..<256).map { level in
    let v = Float(level) / 255
    return v <= 0.04045 ? v / 12.92 : powf((v + 0.055) / 1.055, 2.4)
  }

  private static func cubeRoot(_ t: Float) -> Float { t > 0.008856 ? cbrtf(t) : 7.787 * t + 16 / 116 }

  /// Median over the blocks of half the L1 distance of their histograms: 0 alike … 1 nothing in common.
  func colorDistance(to other: ShotThumbnail) -> Float {
    var distances: [Float] = []
    for block in 0..<Self.blocks {
      var sum: Float = 0
      for i in block * Self.bins..<(block + 1) * Self.bins { sum += abs(histograms[i] - other.histograms[i]) }
      distances.append(sum / 2)
    }
    return distances.sorted()[Self.blocks / 2]
  }

  /// 1 - the best correlation of the lumas over shifts: 0 the same picture, moved or dimmed … 1 unrelated.
  func shapeDistance(to other: ShotThumbnail) -> Float {
    guard contrast > 0.5 || other.contrast > 0.5 else { return 0 }
    guard contrast > 0.5, other.contrast > 0.5 else { return 1 }
    var best: Float = 0
    for dy in -8...8 {
      for dx in -16...16 { best = max(best, correlation(with: other, dx, dy)) }
    }
    return 1 - best
  }

  private func correlation(with other: ShotThumbnail, _ dx: Int, _ dy: Int) -> Float {
    let (w, h) = (Self.lumaWidth, Self.lumaHeight)
    let columns = max(0, -dx)..<min(w, w - dx)
    var (n, sa, sb, saa, sbb, sab): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)
    luma.withUnsafeBufferPointer { first in
      other.luma.withUnsafeBufferPointer { second in
        for y in max(0, -dy)..<min(h, h - dy) {
          for x in columns {
            let a = first[y &* w &+ x]
            let b = second[(y &+ dy) &* w &+ x &+ dx]
            sa += a
            sb += b
            saa += a * a
            sbb += b * b
            sab += a * b
          }
          n += Float(columns.count)
        }
      }
    }
    let (va, vb) = (saa - sa * sa / n, sbb - sb * sb / n)
    guard va > n * 0.25, vb > n * 0.25 else { return 0 }
    return (sab - sa * sb / n) / (va * vb).squareRoot()
  }

  /// How well this picture is a blend of two others: the share of its variance explained, and the part of each.
  func blend(of a: ShotThumbnail, and b: ShotThumbnail) -> (explained: Double, first: Double, second: Double) {
    var system = LinearSystem(size: 3)
    for i in luma.indices {
      system.add(
        SIMD8(Double(a.luma[i]), Double(b.luma[i]), 1, 0, 0, 0, 0, 0), equals: Double(luma[i]), weight: 1)
    }
    guard contrast > 0.5, let s = system.solved() else { return (0, 0, 0) }
    var rest = 0.0
    for i in luma.indices {
      let d = s[0] * Double(a.luma[i]) + s[1] * Double(b.luma[i]) + s[2] - Double(luma[i])
      rest += d * d
    }
    return (1 - rest / (Double(luma.count) * Double(contrast * contrast)), s[0], s[1])
  }
}
