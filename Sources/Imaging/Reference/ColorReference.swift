import CPixelKernels

/// What the kernels of `pixel_kernels.h` compute, in plain Swift: the tests hold every CPU level to it bit for bit, and
/// the benchmarks measure against it. Rows are arrays; pixels are words, two each.
@_spi(Reference)
public enum PixelReference {
  @inlinable
  public static func load<T: FixedWidthInteger>(_ row: [T], _ scale: cpk_scale) -> [Float] {
    row.map { (Float($0) - scale.offset) * scale.scale }
  }

  @inlinable
  public static func mix<T: FixedWidthInteger>(_ a: [T], _ b: [T], _ wa: Float, _ wb: Float, _ s: cpk_scale) -> [Float]
  {
    zip(a, b).map { (Float($0) * wa + Float($1) * wb - s.offset) * s.scale }
  }

  /// `row` has a sample more at each end than the `row.count - 2` that are upsampled.
  @inlinable
  public static func upsample(_ row: [Float], centered: Bool) -> [Float] {
    var out: [Float] = []
    out.reserveCapacity(2 * row.count - 4)
    for i in 1..<row.count - 1 {
      out.append(centered ? 0.25 * row[i - 1] + 0.75 * row[i] : row[i])
      out.append(centered ? 0.75 * row[i] + 0.25 * row[i + 1] : 0.5 * (row[i] + row[i + 1]))
    }
    return out
  }

  @inlinable
  public static func pixels(y: [Float], cb: [Float], cr: [Float], _ m: cpk_ycc) -> [UInt32] {
    var out: [UInt32] = []
    out.reserveCapacity(2 * y.count)
    for i in y.indices {
      append(y[i] + m.cr_r * cr[i], y[i] + m.cb_g * cb[i] + m.cr_g * cr[i], y[i] + m.cb_b * cb[i], to: &out)
    }
    return out
  }

  @inlinable
  public static func pixels(red: [Float], green: [Float], blue: [Float]) -> [UInt32] {
    var out: [UInt32] = []
    out.reserveCapacity(2 * red.count)
    for i in red.indices { append(red[i], green[i], blue[i], to: &out) }
    return out
  }

  @inlinable
  static func append(_ red: Float, _ green: Float, _ blue: Float, to words: inout [UInt32]) {
    func fixed(_ level: Float) -> UInt32 { UInt32(max(0, min(65280, level)) + 0.5) }
    words.append(fixed(red) | fixed(green) << 16)
    words.append(fixed(blue))
  }

  /// R', G' and B' of each pixel.
  @inlinable
  public static func components(_ words: [UInt32]) -> [[Float]] {
    let indices = 0..<words.count / 2
    return [
      indices.map { Float(words[2 * $0] & 0xffff) }, indices.map { Float(words[2 * $0] >> 16) },
      indices.map { Float(words[2 * $0 + 1] & 0xffff) },
    ]
  }

  /// Y', Cb and Cr of each pixel.
  @inlinable
  public static func lumaAndChroma(_ words: [UInt32], _ m: cpk_ycc) -> [[Float]] {
    let rgb = components(words)
    let luma = rgb[0].indices.map { m.kr * rgb[0][$0] + m.kg * rgb[1][$0] + m.kb * rgb[2][$0] }
    return [
      luma, luma.indices.map { (rgb[2][$0] - luma[$0]) * m.b_cb },
      luma.indices.map { (rgb[0][$0] - luma[$0]) * m.r_cr },
    ]
  }

  @inlinable
  public static func luma(_ words: [UInt32]) -> [UInt8] {
    (0..<words.count / 2).map { i in
      let (red, green, blue) = (words[2 * i] & 0xffff, words[2 * i] >> 16, words[2 * i + 1] & 0xffff)
      return UInt8(min(255, (32768 + 77 * red + 150 * green + 29 * blue) >> 16))
    }
  }

  @inlinable
  public static func merge<T: FixedWidthInteger>(
    _ levels: [Float], alpha: [UInt8], _ q: cpk_quantizer, into old: [T]
  ) -> [T] {
    old.indices.map { i in
      alpha[i] == 0 ? old[i] : blend(levels[i], into: old[i], opacity: Float(alpha[i]) / 255, q)
    }
  }

  @inlinable
  public static func mergeChroma<T: FixedWidthInteger>(
    sum: [Float], weight: [Float], opacity: [Float], _ q: cpk_quantizer, into old: [T]
  ) -> [T] {
    old.indices.map { i in
      opacity[i] > 0
        ? blend(sum[i] / (weight[i] > 0 ? weight[i] : 1), into: old[i], opacity: opacity[i], q) : old[i]
    }
  }

  @inlinable
  static func blend<T: FixedWidthInteger>(_ level: Float, into old: T, opacity: Float, _ q: cpk_quantizer) -> T {
    let sample = level * q.scale + q.offset
    let mixed = opacity >= 1 ? sample : Float(old) + (sample - Float(old)) * opacity
    return T(max(0, min(q.max, mixed)) + 0.5)
  }

  /// Adds `weight * alpha * (1, cb, cr)` to the three sums.
  @inlinable
  public static func weighChroma(alpha: [UInt8], cb: [Float], cr: [Float], _ weight: Float, sums: [[Float]])
    -> [[Float]]
  {
    let weights = alpha.map { Float($0) * weight }
    return [
      weights.indices.map { sums[0][$0] + weights[$0] }, weights.indices.map { sums[1][$0] + weights[$0] * cb[$0] },
      weights.indices.map { sums[2][$0] + weights[$0] * cr[$0] },
    ]
  }

  /// `row` has one sample before the pairs that are added up.
  @inlinable
  public static func downsample(_ row: [Float], centered: Bool) -> [Float] {
    (0..<(row.count - 1) / 2).map { i in
      centered ? row[2 * i + 1] + row[2 * i + 2] : row[2 * i] + 2 * row[2 * i + 1] + row[2 * i + 2]
    }
  }
}
