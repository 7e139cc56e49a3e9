import CPixelKernels
import Testing

@testable @_spi(Reference) import Imaging

/// Every kernel against its reference, bit for bit, at every CPU level and at lengths around the vector widths.
@Suite(.serialized) struct KernelTests {
  static let lengths = [1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257]
  static let levels = [CPK_BASELINE, CPK_AVX2, CPK_AVX512]

  private var numbers = SplitMix64(seed: 7)

  private mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in .random(in: 0...255, using: &numbers) }
  }

  private mutating func words(_ count: Int) -> [UInt16] {
    (0..<count).map { _ in .random(in: 0...65535, using: &numbers) }
  }

  private mutating func floats(_ count: Int, _ range: ClosedRange<Float> = -9000...74000) -> [Float] {
    (0..<count).map { _ in .random(in: range, using: &numbers) }
  }

  private mutating func pixels(_ count: Int) -> [UInt32] {
    (0..<count).flatMap { _ in
      let rgb = (0..<3).map { _ in UInt32.random(in: 0...65280, using: &numbers) }
      return [rgb[0] | rgb[1] << 16, rgb[2]]
    }
  }

  /// Runs `body` at each level that this CPU has, with that level's kernels.
  private func atEveryLevel(_ body: (cpk_pixel_kernels) -> Void) {
    let best = cpk_current_level()
    for level in Self.levels {
      cpk_force_level(level)
      body(cpk_pixel().pointee)
    }
    cpk_force_level(best)
  }

  private func row<T: Numeric>(_ count: Int, _ fill: (UnsafeMutablePointer<T>) -> Void) -> [T] {
    var out = [T](repeating: 0, count: count)
    out.withUnsafeMutableBufferPointer { fill($0.baseAddress!) }
    return out
  }

  @Test(arguments: lengths) mutating func loading(n: Int) {
    let (a, b, c, d) = (bytes(n), bytes(n), words(n), words(n))
    let scale = cpk_scale(offset: 16, scale: 65280 / 219)
    atEveryLevel { k in
      #expect(row(n) { k.load_u8(a, Int32(n), scale, $0) } == PixelReference.load(a, scale))
      #expect(row(n) { k.load_u16(c, Int32(n), scale, $0) } == PixelReference.load(c, scale))
      #expect(row(n) { k.mix_u8(a, b, 0.75, 0.25, Int32(n), scale, $0) } == PixelReference.mix(a, b, 0.75, 0.25, scale))
      #expect(row(n) { k.mix_u16(c, d, 0.5, 0.5, Int32(n), scale, $0) } == PixelReference.mix(c, d, 0.5, 0.5, scale))
    }
  }

  @Test(arguments: lengths) mutating func chromaResampling(n: Int) {
    let padded = floats(n + 2)
    let pairs = floats(2 * n + 1)
    atEveryLevel { k in
      padded.withUnsafeBufferPointer { source in
        let start = source.baseAddress! + 1
        #expect(row(2 * n) { k.upsample_left(start, Int32(n), $0) } == PixelReference.upsample(padded, centered: false))
        #expect(
          row(2 * n) { k.upsample_center(start, Int32(n), $0) } == PixelReference.upsample(padded, centered: true))
      }
      pairs.withUnsafeBufferPointer { source in
        let start = source.baseAddress! + 1
        #expect(row(n) { k.downsample_left(start, Int32(n), $0) } == PixelReference.downsample(pairs, centered: false))
        #expect(row(n) { k.downsample_center(start, Int32(n), $0) } == PixelReference.downsample(pairs, centered: true))
      }
    }
  }

  @Test(arguments: lengths) mutating func matrices(n: Int) {
    let (y, cb, cr) = (floats(n), floats(n, -40000...40000), floats(n, -40000...40000))
    let source = pixels(n)
    for matrix in [ColorDescription.Matrix.bt601, .bt709, .bt2020] {
      let m = cpk_ycc(matrix)
      atEveryLevel { k in
        #expect(
          row(2 * n) { k.ycc_to_pixels(y, cb, cr, Int32(n), m, $0) } == PixelReference.pixels(y: y, cb: cb, cr: cr, m))
        var out = [[Float]](repeating: Array(repeating: 0, count: n), count: 3)
        out[0] = row(n) { first in
          out[1] = row(n) { second in out[2] = row(n) { k.pixels_to_ycc(source, Int32(n), m, first, second, $0) } }
        }
        #expect(out == PixelReference.lumaAndChroma(source, m))
      }
    }
  }

  @Test(arguments: lengths) mutating func componentsAndLuma(n: Int) {
    let (r, g, b) = (floats(n), floats(n), floats(n))
    let source = pixels(n)
    atEveryLevel { k in
      #expect(
        row(2 * n) { k.rgb_to_pixels(r, g, b, Int32(n), $0) } == PixelReference.pixels(red: r, green: g, blue: b))
      var out = [[Float]](repeating: [], count: 3)
      out[0] = row(n) { first in
        out[1] = row(n) { second in out[2] = row(n) { k.pixels_to_rgb(source, Int32(n), first, second, $0) } }
      }
      #expect(out == PixelReference.components(source))
      #expect(row(n) { k.luma(source, Int32(n), $0) } == PixelReference.luma(source))
    }
  }

  @Test(arguments: lengths) mutating func merging(n: Int) {
    let levels = floats(n)
    let alpha = bytes(n).map { $0 < 80 ? 0 : $0 > 170 ? 255 : $0 }
    let (old8, old16) = (bytes(n), words(n))
    let q8 = cpk_quantizer(scale: 219 / 65280, offset: 16, max: 255)
    let q16 = cpk_quantizer(scale: 65535 / 65280, offset: 0, max: 65535)
    let weight = floats(n, 0...1020).map { $0 < 300 ? 0 : $0 }
    let opacity = weight.map { $0 / 1020 }
    atEveryLevel { k in
      var (out8, out16) = (old8, old16)
      k.merge_u8(levels, alpha, Int32(n), q8, &out8)
      k.merge_u16(levels, alpha, Int32(n), q16, &out16)
      #expect(out8 == PixelReference.merge(levels, alpha: alpha, q8, into: old8))
      #expect(out16 == PixelReference.merge(levels, alpha: alpha, q16, into: old16))
      (out8, out16) = (old8, old16)
      k.merge_chroma_u8(levels, weight, opacity, Int32(n), q8, &out8)
      k.merge_chroma_u16(levels, weight, opacity, Int32(n), q16, &out16)
      #expect(out8 == PixelReference.mergeChroma(sum: levels, weight: weight, opacity: opacity, q8, into: old8))
      #expect(out16 == PixelReference.mergeChroma(sum: levels, weight: weight, opacity: opacity, q16, into: old16))
    }
  }

  @Test(arguments: lengths) mutating func chromaSums(n: Int) {
    let (alpha, cb, cr) = (bytes(n), floats(n), floats(n))
    let before = [floats(n), floats(n), floats(n)]
    atEveryLevel { k in
      var sums = before.flatMap { $0 }
      sums.withUnsafeMutableBufferPointer { buffer in
        let rows: [UnsafeMutablePointer<Float>?] = (0..<3).map { buffer.baseAddress! + $0 * n }
        k.weigh_chroma(alpha, cb, cr, 2, Int32(n), rows)
      }
      #expect(sums == PixelReference.weighChroma(alpha: alpha, cb: cb, cr: cr, 2, sums: before).flatMap { $0 })
    }
  }

  @Test(arguments: lengths) mutating func filters(n: Int) {
    let weights = floats(5, -1...1)
    let (byteRows, wordRows, floatRows) = (
      (0..<5).map { _ in bytes(n) }, (0..<5).map { _ in words(n) }, (0..<5).map { _ in floats(n) }
    )
    let padded = floats(n + 4 * 4)
    atEveryLevel { k in
      #expect(
        row(n) { out in withRows(byteRows) { k.weigh_rows_u8($0, weights, 5, Int32(n), out) } }
          == PixelReference.weigh(byteRows, weights))
      #expect(
        row(n) { out in withRows(wordRows) { k.weigh_rows_u16($0, weights, 5, Int32(n), out) } }
          == PixelReference.weigh(wordRows, weights))
      #expect(
        row(n) { out in withRows(floatRows) { k.weigh_rows_f32($0, weights, 5, Int32(n), out) } }
          == PixelReference.weigh(floatRows, weights))
      for step in [1, 4] {
        let source = Array(padded.prefix(n + 4 * step))
        #expect(
          row(n) { k.convolve(source, Int32(step), weights, 5, Int32(n), $0) }
            == PixelReference.convolve(source, step: step, weights))
      }
    }
  }

  private func withRows<T>(_ rows: [[T]], _ body: ([UnsafePointer<T>?]) -> Void) {
    let flat = rows.flatMap { $0 }
    flat.withUnsafeBufferPointer { buffer in
      body(rows.indices.map { buffer.baseAddress! + $0 * rows[0].count })
    }
  }

  @Test(arguments: lengths) mutating func gathering(n: Int) {
    let taps = 3
    let source = floats(4 * (n + taps))
    let starts = (0..<n).map { _ in Int32.random(in: 0...Int32(n), using: &numbers) }
    let weights = floats(n * taps, -1...1)
    let (a, b) = (bytes(2 * n), bytes(2 * n))
    let (p, q) = (pixels(2 * n), pixels(2 * n))
    let narrow = Array(source.prefix(n + taps))
    atEveryLevel { k in
      #expect(
        row(n) { k.gather_1(narrow, starts, weights, 3, Int32(n), $0) }
          == PixelReference.gather(narrow, channels: 1, starts: starts, weights, taps: taps))
      #expect(
        row(4 * n) { k.gather_4(source, starts, weights, 3, Int32(n), $0) }
          == PixelReference.gather(source, channels: 4, starts: starts, weights, taps: taps))
      #expect(
        row(4 * n) { k.round_u8(source, Int32(4 * n), 255, $0) } == PixelReference.round(
          Array(source.prefix(4 * n)), max: 255) as [UInt8])
      #expect(
        row(4 * n) { k.round_u16(source, Int32(4 * n), 65280, $0) } == PixelReference.round(
          Array(source.prefix(4 * n)), max: 65280) as [UInt16])
      #expect(row(n) { k.halve_u8(a, b, Int32(n), $0) } == PixelReference.halve(a, b))
      #expect(row(2 * n) { k.halve_pixels(p, q, Int32(n), $0) } == PixelReference.halve(words: p, q))
    }
  }

  @Test(arguments: lengths) mutating func distances(n: Int) {
    let set = bytes(n).map { UInt8($0 > 200 ? 1 : 0) }
    let previous = (0..<n).map { _ in Int32.random(in: 0...30, using: &numbers) }
    let below = (0..<n).map { _ in Int32.random(in: 0...30, using: &numbers) }
    let sparse = bytes(n).map { $0 > 128 ? Int32($0) - 128 : Int32(CPK_FAR) }
    let none = [Int32](repeating: Int32(CPK_FAR), count: n)
    atEveryLevel { k in
      #expect(
        row(n) { k.column_steps(set, previous, Int32(n), $0) }
          == PixelReference.columnSteps(set: set, previous: previous))
      var steps = previous
      k.column_steps_back(below, Int32(n), &steps)
      #expect(steps == PixelReference.columnStepsBack(below: below, previous))
      for source in [previous, sparse, none] {
        var scratch = [Int32](repeating: 0, count: 2 * n)
        #expect(row(n) { k.row_distances(source, Int32(n), &scratch, $0) } == PixelReference.rowDistances(source))
      }
    }
  }
}
