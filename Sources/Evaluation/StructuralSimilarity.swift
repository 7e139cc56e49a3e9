import Imaging

/// SSIM (Wang et al. 2004) with a uniform 65x65 window and sample covariances, over R'G'B', as the video inpainting
/// papers compute it.
enum StructuralSimilarity {
  static let window = 65

  /// The mean over all windows that lie within the picture, and over the channels; nil where none fits.
  static func index(_ a: ByteImage, _ b: ByteImage) -> Double? {
    guard a.width >= window, a.height >= window else { return nil }
    var columns = [WindowSums](repeating: WindowSums(), count: 3 * a.width)
    var total = 0.0
    for row in 0..<a.height {
      update(&columns, a, b, entering: row, leaving: row - window)
      if row >= window - 1 { total += sumOfRow(columns, width: a.width) }
    }
    return total / Double(3 * (a.width - window + 1) * (a.height - window + 1))
  }

  /// Sums of a window: of a, b, a², b² and ab. Exact: 65 x 65 bytes squared fit 32 bits.
  private struct WindowSums {
    var a: Int32 = 0
    var b: Int32 = 0
    var aa: Int32 = 0
    var bb: Int32 = 0
    var ab: Int32 = 0

    mutating func add(_ x: Int32, _ y: Int32, sign: Int32) {
      a &+= sign &* x
      b &+= sign &* y
      aa &+= sign &* x &* x
      bb &+= sign &* y &* y
      ab &+= sign &* x &* y
    }

    mutating func slide(entering: WindowSums, leaving: WindowSums?) {
      a &+= entering.a &- (leaving?.a ?? 0)
      b &+= entering.b &- (leaving?.b ?? 0)
      aa &+= entering.aa &- (leaving?.aa ?? 0)
      bb &+= entering.bb &- (leaving?.bb ?? 0)
      ab &+= entering.ab &- (leaving?.ab ?? 0)
    }
  }

  private static func update(
    _ columns: inout [WindowSums], _ a: ByteImage, _ b: ByteImage, entering: Int, leaving: Int
  ) {
    let stride = 3 * a.width
    for i in 0..<stride {
      let at = entering * stride + i
      columns[i].add(Int32(a.bytes[at]), Int32(b.bytes[at]), sign: 1)
      if leaving >= 0 {
        let gone = leaving * stride + i
        columns[i].add(Int32(a.bytes[gone]), Int32(b.bytes[gone]), sign: -1)
      }
    }
  }

  private static func sumOfRow(_ columns: [WindowSums], width: Int) -> Double {
    var total = 0.0
    for channel in 0..<3 {
      var sums = WindowSums()
      for x in 0..<width {
        let gone = x - window
        sums.slide(
          entering: columns[3 * x + channel], leaving: gone >= 0 ? columns[3 * gone + channel] : nil)
        if x >= window - 1 { total += similarity(sums) }
      }
    }
    return total
  }

  private static func similarity(_ sums: WindowSums) -> Double {
    let n = Double(window * window)
    let meanA = Double(sums.a) / n
    let meanB = Double(sums.b) / n
    let sample = n / (n - 1)
    let varianceA = sample * (Double(sums.aa) / n - meanA * meanA)
    let varianceB = sample * (Double(sums.bb) / n - meanB * meanB)
    let covariance = sample * (Double(sums.ab) / n - meanA * meanB)
    let c1 = (0.01 * 255) * (0.01 * 255)
    let c2 = (0.03 * 255) * (0.03 * 255)
    return (2 * meanA * meanB + c1) * (2 * covariance + c2)
      / ((meanA * meanA + meanB * meanB + c1) * (varianceA + varianceB + c2))
  }
}
