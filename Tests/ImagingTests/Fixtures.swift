import Imaging

enum Fixture {
  /// Any samples from 0 to the format's maximum.
  static func noise(
    _ format: PixelFormat, width: Int, height: Int, color: ColorDescription = .unspecified, seed: UInt64 = 1
  ) throws -> Frame {
    var numbers = SplitMix64(seed: seed)
    let planes = (0..<format.planeCount).map { index -> SamplePlane in
      let size = format.planeSize(index, width: width, height: height)
      let samples = (0..<size.width * size.height).map { _ in
        UInt16.random(in: 0...UInt16(format.maxValue), using: &numbers)
      }
      return format.bitDepth == 8
        ? .bytes(Plane(width: size.width, height: size.height, samples: samples.map { UInt8($0) }))
        : .words(Plane(width: size.width, height: size.height, samples: samples))
    }
    return try Frame(width: width, height: height, format: format, color: color, planes: planes)
  }

  /// A picture of slow waves, different in each component.
  static func waves(width: Int, height: Int) -> RGBImage {
    var image = RGBImage(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let (u, v) = (Float(x) / 120, Float(y) / 100)
        image[x, y] = RGBImage.fixed(
          SIMD4(128 + 90 * wave(u + v), 128 + 90 * wave(u - 2 * v), 128 + 90 * wave(2 * u), 0))
      }
    }
    return image
  }

  /// A smooth periodic function of period 4, from -1 to 1.
  private static func wave(_ x: Float) -> Float {
    let t = x - 4 * (x / 4).rounded(.down) - 2
    return t * (2 - abs(t))
  }

  static func noiseImage(width: Int, height: Int, seed: UInt64 = 1) -> RGBImage {
    var numbers = SplitMix64(seed: seed)
    let pixels = (0..<width * height).map { _ in
      SIMD4<UInt16>(
        UInt16.random(in: 0...65280, using: &numbers), UInt16.random(in: 0...65280, using: &numbers),
        UInt16.random(in: 0...65280, using: &numbers), 0)
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// Samples that are 255 with a chance of `density`, else 0.
  static func dots(width: Int, height: Int, density: Double, seed: UInt64 = 1) -> Plane<UInt8> {
    var numbers = SplitMix64(seed: seed)
    let samples = (0..<width * height).map { _ in
      Double.random(in: 0..<1, using: &numbers) < density ? UInt8(255) : 0
    }
    return Plane(width: width, height: height, samples: samples)
  }

  static func noisePlane(width: Int, height: Int, seed: UInt64 = 1) -> Plane<UInt8> {
    var numbers = SplitMix64(seed: seed)
    return Plane(
      width: width, height: height,
      samples: (0..<width * height).map { _ in UInt8.random(in: 0...255, using: &numbers) })
  }

  static func frame(
    _ format: PixelFormat, of samples: [Int], color: ColorDescription, width: Int = 1, height: Int = 1
  ) throws -> Frame {
    let planes = samples.enumerated().map { index, value -> SamplePlane in
      let size = format.planeSize(index, width: width, height: height)
      return format.bitDepth == 8
        ? .bytes(Plane(width: size.width, height: size.height, repeating: UInt8(value)))
        : .words(Plane(width: size.width, height: size.height, repeating: UInt16(value)))
    }
    return try Frame(width: width, height: height, format: format, color: color, planes: planes)
  }

  static let matrixCodes = [(1, "bt709"), (6, "bt601"), (9, "bt2020")]
  static let layouts = PixelFormat.Layout.allCases
}

extension Frame {
  /// The largest difference between the samples of two frames of one format.
  func largestDifference(from other: Frame) -> Int {
    zip(planes, other.planes).map { a, b in
      (0..<a.height).map { y in (0..<a.width).map { x in abs(a[x, y] - b[x, y]) }.max()! }.max()!
    }.max()!
  }
}

extension RGBImage {
  /// The largest difference in 8-bit levels.
  func largestDifference(from other: RGBImage) -> Float {
    zip(pixels, other.pixels).map { a, b in
      let d = SIMD4<Int32>(truncatingIfNeeded: a) &- SIMD4<Int32>(truncatingIfNeeded: b)
      return Float((0..<3).map { abs(d[$0]) }.max()!) / 256
    }.max()!
  }
}
