/// Values between pixels. Coordinates are of pixel centres, clamped to the picture; not-a-number counts as the far edge.
extension RGBImage {
  /// Bilinear, in 8-bit levels 0…255.
  @inlinable
  public func bilinear(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let right = min(across.index + 1, width - 1)
    let upper = down.index * width
    let lower = min(down.index + 1, height - 1) * width
    let top = mix(pixels[upper + across.index], pixels[upper + right], across.share)
    let bottom = mix(pixels[lower + across.index], pixels[lower + right], across.share)
    return (top + (bottom - top) * down.share) * (1 / 256)
  }

  @inlinable
  func mix(_ a: SIMD4<UInt16>, _ b: SIMD4<UInt16>, _ share: Float) -> SIMD4<Float> {
    SIMD4<Float>(a) + (SIMD4<Float>(b) - SIMD4<Float>(a)) * share
  }

  /// Bicubic (Catmull-Rom), in 8-bit levels, clamped to 0…255.
  @inlinable
  public func bicubic(_ x: Float, _ y: Float) -> SIMD4<Float> {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let weights = across.cubicWeights
    let rowWeights = down.cubicWeights
    var sum = SIMD4<Float>.zero
    for j in 0..<4 {
      let row = max(0, min(height - 1, down.index + j - 1)) * width
      var line = SIMD4<Float>.zero
      for i in 0..<4 {
        line += SIMD4<Float>(pixels[row + max(0, min(width - 1, across.index + i - 1))]) * weights[i]
      }
      sum += line * rowWeights[j]
    }
    return (sum * (1 / 256)).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
  }
}

extension Plane where Sample == UInt8 {
  /// Bilinear, 0…255.
  @inlinable
  public func bilinear(_ x: Float, _ y: Float) -> Float {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let right = min(across.index + 1, width - 1)
    let upper = down.index * width
    let lower = min(down.index + 1, height - 1) * width
    let top = Float(samples[upper + across.index]) * (1 - across.share) + Float(samples[upper + right]) * across.share
    let bottom =
      Float(samples[lower + across.index]) * (1 - across.share) + Float(samples[lower + right]) * across.share
    return top + (bottom - top) * down.share
  }

  /// Bicubic (Catmull-Rom), clamped to 0…255.
  @inlinable
  public func bicubic(_ x: Float, _ y: Float) -> Float {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let weights = across.cubicWeights
    let rowWeights = down.cubicWeights
    var sum: Float = 0
    for j in 0..<4 {
      let row = max(0, min(height - 1, down.index + j - 1)) * width
      var line: Float = 0
      for i in 0..<4 { line += Float(samples[row + max(0, min(width - 1, across.index + i - 1))]) * weights[i] }
      sum += line * rowWeights[j]
    }
    return max(0, min(255, sum))
  }
}

extension Plane where Sample == Float {
  /// Bilinear.
  @inlinable
  public func bilinear(_ x: Float, _ y: Float) -> Float {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let right = min(across.index + 1, width - 1)
    let upper = down.index * width
    let lower = min(down.index + 1, height - 1) * width
    let top = samples[upper + across.index] * (1 - across.share) + samples[upper + right] * across.share
    let bottom = samples[lower + across.index] * (1 - across.share) + samples[lower + right] * across.share
    return top + (bottom - top) * down.share
  }

  /// Bicubic (Catmull-Rom); overshoots at edges.
  @inlinable
  public func bicubic(_ x: Float, _ y: Float) -> Float {
    let across = SamplePosition(x, count: width)
    let down = SamplePosition(y, count: height)
    let weights = across.cubicWeights
    let rowWeights = down.cubicWeights
    var sum: Float = 0
    for j in 0..<4 {
      let row = max(0, min(height - 1, down.index + j - 1)) * width
      var line: Float = 0
      for i in 0..<4 { line += samples[row + max(0, min(width - 1, across.index + i - 1))] * weights[i] }
      sum += line * rowWeights[j]
    }
    return sum
  }
}

/// A float coordinate on an axis: the sample at or before it, and the share of the next.
@usableFromInline
struct SamplePosition {
  @usableFromInline let index: Int
  @usableFromInline let share: Float

  @inlinable
  init(_ position: Float, count: Int) {
    // In this order not-a-number falls to the limit.
    let clamped = max(0, min(Float(count - 1), position))
    index = Int(clamped)
    share = clamped - Float(index)
  }

  @inlinable
  var cubicWeights: SIMD4<Float> {
    let t = share
    return SIMD4(
      ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
      (0.5 * t - 0.5) * t * t)
  }
}
