import Imaging

extension SIMD4<Float> {
  /// Of a colour in levels.
  @inline(__always)
  var luma: Float { 0.299 * x + 0.587 * y + 0.114 * z }

  /// Of a difference of two colours, in levels: the sum over R, G and B of how large it is.
  @inline(__always)
  var absoluteSum: Float { abs(x) + abs(y) + abs(z) }
}

extension RGBImage {
  @inline(__always)
  func level(pixel: Int) -> SIMD4<Float> { SIMD4<Float>(pixels[pixel]) * (1 / 256) }

  /// All pixels in levels, row-major.
  var levels: [SIMD4<Float>] { pixels.map { SIMD4<Float>($0) * (1 / 256) } }

  /// The level at a float place inside the picture.
  func bilinear(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let x0 = min(width - 1, max(0, Int(x)))
    let y0 = min(height - 1, max(0, Int(y)))
    let x1 = min(width - 1, x0 + 1)
    let y1 = min(height - 1, y0 + 1)
    let (fx, fy) = (x - Float(x0), y - Float(y0))
    let top = level(x0, y0) * (1 - fx) + level(x1, y0) * fx
    let bottom = level(x0, y1) * (1 - fx) + level(x1, y1) * fx
    return top * (1 - fy) + bottom * fy
  }
}
