/// Functions by plain arithmetic, so that they are the same on every machine.
enum Logistic {
  /// e^v, |v| clamped to 30; relative error below 3e-6.
  static func exponential(_ v: Float) -> Float {
    let t = max(-30, min(30, v)) * 1.44269504
    let n = Int32(t + 128.5) - 128
    let f = (t - Float(n)) * 0.69314718
    var p = f * 0.0083333 + 0.0416667
    p = p * f + 0.1666667
    p = p * f + 0.5
    p = p * f + 1
    p = p * f + 1
    return p * Float(bitPattern: UInt32(bitPattern: n + 127) << 23)
  }

  /// ln v for v > 0; error below 1e-3.
  static func logarithm(_ v: Float) -> Float {
    let exponent = Int32(truncatingIfNeeded: v.bitPattern >> 23) - 127
    let m = Float(bitPattern: v.bitPattern & 0x7F_FFFF | 0x3F80_0000)
    // ln m = 2 atanh((m - 1) / (m + 1)) on 1..<2.
    let t = (m - 1) / (m + 1)
    let t2 = t * t
    return Float(exponent) * 0.69314718 + 2 * t * (1 + t2 * (1.0 / 3 + t2 * (0.2 + t2 / 7)))
  }

  static func sigmoid(_ v: Float) -> Float { 1 / (1 + exponential(-v)) }
}
