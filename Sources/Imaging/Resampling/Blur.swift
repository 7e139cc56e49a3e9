import CPixelKernels
import Foundation

/// Weights of a Gaussian cut at three standard deviations, adding up to 1.
struct GaussianWeights {
  let radius: Int
  /// `2 * radius + 1` weights.
  let weights: [Float]

  init(sigma: Float) {
    radius = Int((3 * min(sigma, 1000)).rounded(.up))
    let exponents = (-radius...radius).map { exp(-Double($0 * $0) / (2 * Double(sigma) * Double(sigma))) }
    let total = exponents.reduce(0, +)
    weights = exponents.map { Float($0 / total) }
  }
}

extension Plane where Sample == UInt8 {
  /// Gaussian blur, edges replicated, rounded to nearest. A sigma of 0 or less changes nothing.
  public func blurred(sigma: Float, threads: Int = 1) -> Plane<UInt8> {
    guard sigma > 0 else { return self }
    let gaussian = GaussianWeights(sigma: sigma)
    return Plane<UInt8>(width: width, height: height, repeating: 0, threads: threads) { y, row in
      let line = Scratch<Float>(count: width, repeating: 0)
      samples.withUnsafeBufferPointer {
        gaussian.blur(
          $0.baseAddress!, row: y, width: width, height: height, step: 1, cpk_pixel().pointee.weigh_rows_u8,
          into: line.base)
      }
      cpk_pixel().pointee.round_u8(line.base, Int32(width), 255, row)
    }
  }
}

extension Plane where Sample == Float {
  /// Gaussian blur, edges replicated. A sigma of 0 or less changes nothing.
  public func blurred(sigma: Float, threads: Int = 1) -> Plane<Float> {
    guard sigma > 0 else { return self }
    let gaussian = GaussianWeights(sigma: sigma)
    return Plane<Float>(width: width, height: height, repeating: 0, threads: threads) { y, row in
      samples.withUnsafeBufferPointer {
        gaussian.blur(
          $0.baseAddress!, row: y, width: width, height: height, step: 1, cpk_pixel().pointee.weigh_rows_f32, into: row)
      }
    }
  }
}

extension RGBImage {
  /// Gaussian blur, edges replicated, rounded to nearest. A sigma of 0 or less changes nothing.
  public func blurred(sigma: Float, threads: Int = 1) -> RGBImage {
    guard sigma > 0 else { return self }
    let gaussian = GaussianWeights(sigma: sigma)
    return RGBImage(width: width, height: height, threads: threads) { rows, words in
      let line = Scratch<Float>(count: 4 * width, repeating: 0)
      pixels.withUnsafeBytes { bytes in
        let base = bytes.baseAddress!.assumingMemoryBound(to: UInt16.self)
        for y in rows {
          gaussian.blur(
            base, row: y, width: width, height: height, step: 4, cpk_pixel().pointee.weigh_rows_u16, into: line.base)
          UnsafeMutableRawPointer(words + 2 * y * width).withMemoryRebound(to: UInt16.self, capacity: 4 * width) {
            cpk_pixel().pointee.round_u16(line.base, Int32(4 * width), 65280, $0)
          }
        }
      }
    }
  }
}

extension GaussianWeights {
  /// One blurred row of a picture with `step` values a pixel.
  func blur<T>(
    _ base: UnsafePointer<T>, row y: Int, width: Int, height: Int, step: Int, _ kernel: AxisWeights.WeighRows<T>,
    into out: UnsafeMutablePointer<Float>
  ) {
    let padded = Scratch<Float>(count: (width + 2 * radius) * step, repeating: 0)
    let rows: [UnsafePointer<T>?] = (-radius...radius).map { base + max(0, min(height - 1, y + $0)) * width * step }
    let middle = padded.base + radius * step
    kernel(rows, weights, Int32(weights.count), Int32(width * step), middle)
    for pad in 1...max(1, radius) where radius > 0 {
      for channel in 0..<step {
        middle[channel - pad * step] = middle[channel]
        middle[(width - 1 + pad) * step + channel] = middle[(width - 1) * step + channel]
      }
    }
    cpk_pixel().pointee.convolve(
      padded.base, Int32(step), weights, Int32(weights.count), Int32(width * step), out)
  }
}

extension Plane where Sample == UInt8 {
  /// The mean over `(2 radius + 1)` squared samples, edges replicated, rounded half up; at a cost that does not grow with
  /// the radius.
  public func boxBlurred(radius: Int) -> Plane<UInt8> {
    guard radius > 0 else { return self }
    let side = 2 * radius + 1
    let area = side * side
    let sums = map { Int($0) }.boxSums(radius: radius)
    return sums.map { UInt8(truncatingIfNeeded: ($0 + area / 2) / area) }
  }
}

extension Plane where Sample == Float {
  /// The mean over `(2 radius + 1)` squared samples, edges replicated; at a cost that does not grow with the radius.
  public func boxBlurred(radius: Int) -> Plane<Float> {
    guard radius > 0 else { return self }
    let side = Double(2 * radius + 1)
    let sums = map { Double($0) }.boxSums(radius: radius)
    return sums.map { Float($0 / (side * side)) }
  }
}

extension Plane where Sample: Numeric {
  /// Sums over squares of `2 radius + 1`, edges replicated: running sums along each row, then down all columns at once.
  fileprivate func boxSums(radius: Int) -> Plane {
    var across = self
    for y in 0..<height { across.sumRow(y, of: self, radius: radius) }
    var out = across
    var sums = [Sample](repeating: 0, count: width)
    func add(_ row: Int) {
      let start = max(0, min(height - 1, row)) * width
      for x in 0..<width { sums[x] += across.samples[start + x] }
    }
    func remove(_ row: Int) {
      let start = max(0, min(height - 1, row)) * width
      for x in 0..<width { sums[x] -= across.samples[start + x] }
    }
    for row in -radius...radius { add(row) }
    for y in 0..<height {
      for x in 0..<width { out.samples[y * width + x] = sums[x] }
      add(y + radius + 1)
      remove(y - radius)
    }
    return out
  }

  private mutating func sumRow(_ y: Int, of source: Plane, radius: Int) {
    let start = y * width
    var sum = Sample.zero
    for offset in -radius...radius { sum += source.samples[start + max(0, min(width - 1, offset))] }
    for x in 0..<width {
      samples[start + x] = sum
      sum += source.samples[start + min(width - 1, x + radius + 1)]
      sum -= source.samples[start + max(0, x - radius)]
    }
  }
}
