import CPixelKernels

/// The working copy that engines see: interleaved R'G'B'X in 8.8 fixed point, full range, gamma-encoded.
///
/// A component of 256 * v is the 8-bit level v, so 8-bit sources convert without loss and deeper ones keep eight more
/// bits. The fourth component is 0. Values run from 0 to 255 * 256 = 65280.
@frozen
public struct RGBImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// `width * height` pixels, row-major: x red, y green, z blue, w 0.
  public var pixels: [SIMD4<UInt16>]

  @inlinable
  public init(width: Int, height: Int, pixels: [SIMD4<UInt16>]) {
    precondition(width > 0 && height > 0 && pixels.count == width * height, "image of the wrong size")
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  @inlinable
  public init(width: Int, height: Int, repeating pixel: SIMD4<UInt16> = .zero) {
    self.init(width: width, height: height, pixels: Array(repeating: pixel, count: width * height))
  }

  @inlinable public var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }

  @inlinable
  public subscript(x: Int, y: Int) -> SIMD4<UInt16> {
    get { pixels[y * width + x] }
    set { pixels[y * width + x] = newValue }
  }

  /// The pixel in 8-bit levels, 0…255 as floats.
  @inlinable
  public func level(_ x: Int, _ y: Int) -> SIMD4<Float> {
    SIMD4<Float>(pixels[y * width + x]) * (1 / 256)
  }

  /// Levels 0…255 to the fixed-point pixel, rounded to nearest and clamped.
  @inlinable
  public static func fixed(_ level: SIMD4<Float>) -> SIMD4<UInt16> {
    let scaled = (level * 256).clamped(
      lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(65280, 65280, 65280, 0))
    return SIMD4<UInt16>(truncatingIfNeeded: SIMD4<Int32>(scaled + SIMD4<Float>(repeating: 0.5)))
  }

  /// From 8-bit R'G'B' bytes, three a pixel.
  public init(width: Int, height: Int, rgb bytes: [UInt8]) {
    precondition(bytes.count == width * height * 3, "image of the wrong size")
    var pixels: [SIMD4<UInt16>] = []
    pixels.reserveCapacity(width * height)
    for i in 0..<width * height {
      pixels.append(
        SIMD4(UInt16(bytes[3 * i]) << 8, UInt16(bytes[3 * i + 1]) << 8, UInt16(bytes[3 * i + 2]) << 8, 0))
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// 8-bit R'G'B' bytes, three a pixel, rounded to nearest.
  public var rgbBytes: [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(pixels.count * 3)
    for pixel in pixels {
      for c in 0..<3 { out.append(UInt8(min(255, (Int(pixel[c]) + 128) >> 8))) }
    }
    return out
  }

  /// The pixels of `region`, which must lie within the image.
  public func cropped(to region: Region) -> RGBImage {
    precondition(bounds.contains(region), "region outside the image")
    var out: [SIMD4<UInt16>] = []
    out.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      let start = y * width + region.x
      out.append(contentsOf: pixels[start..<start + region.width])
    }
    return RGBImage(width: region.width, height: region.height, pixels: out)
  }

  /// Luma as bytes, BT.601 weights (77, 150, 29) / 256, for motion and matching.
  public var luma: Plane<UInt8> {
    Plane(width: width, height: height, repeating: 0, threads: 1) { y, row in
      withWords(row: y) { cpk_pixel().pointee.luma($0, Int32(width), row) }
    }
  }
}
