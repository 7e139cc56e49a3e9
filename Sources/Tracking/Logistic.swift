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

  static func sigmoid(_ v: Float) -> Float { 1 / (1 + exponential(-v)) }
}
