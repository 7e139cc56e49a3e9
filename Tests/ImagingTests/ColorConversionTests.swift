import Testing

@testable import Imaging

@Suite struct ColorConversionTests {
  static func color(_ matrixCode: Int, _ range: ColorDescription.Range) -> ColorDescription {
    ColorDescription(range: range, matrixCode: matrixCode)
  }

  /// 8-bit limited codes of white, black, red, green and blue, computed by hand from the equations of each standard.
  static let primaries: [(matrix: Int, rgb: [Int], ycc: [Int])] = [
    (6, [255, 255, 255], [235, 128, 128]), (6, [0, 0, 0], [16, 128, 128]),
    (6, [255, 0, 0], [81, 90, 240]), (6, [0, 255, 0], [145, 54, 34]), (6, [0, 0, 255], [41, 240, 110]),
    (1, [255, 255, 255], [235, 128, 128]), (1, [0, 0, 0], [16, 128, 128]),
    (1, [255, 0, 0], [63, 102, 240]), (1, [0, 255, 0], [173, 42, 26]), (1, [0, 0, 255], [32, 240, 118]),
    (9, [255, 255, 255], [235, 128, 128]), (9, [0, 0, 0], [16, 128, 128]),
    (9, [255, 0, 0], [74, 97, 240]), (9, [0, 255, 0], [164, 47, 25]), (9, [0, 0, 255], [29, 240, 119]),
  ]

  @Test(arguments: primaries.indices)
  func primariesHaveTheirCodes(index: Int) throws {
    let (matrix, rgb, ycc) = Self.primaries[index]
    let image = RGBImage(width: 1, height: 1, rgb: rgb.map { UInt8($0) })
    let color = Self.color(matrix, .limited)
    let frame = try Frame(image, format: PixelFormat(.yuv444), color: color)
    #expect(frame.planes.map { $0[0, 0] } == ycc)
    let back = RGBImage(try Fixture.frame(PixelFormat(.yuv444), of: ycc, color: color))
    // A code stands for up to half a level of each of Y', Cb and Cr: about two levels of R', G', B'.
    #expect(back.largestDifference(from: image) <= 2)
  }

  @Test func fullRangeOfBT601IsJPEGs() throws {
    let red = RGBImage(width: 1, height: 1, rgb: [255, 0, 0])
    let frame = try Frame(red, format: PixelFormat(.yuv444), color: Self.color(6, .full))
    #expect(frame.planes.map { $0[0, 0] } == [76, 85, 255])
  }

  @Test func tenBitLimitedCodes() throws {
    let white = RGBImage(width: 1, height: 1, rgb: [255, 255, 255])
    let frame = try Frame(white, format: PixelFormat(.yuv420, bitDepth: 10), color: .bt709)
    #expect(frame.planes.map { $0[0, 0] } == [940, 512, 512])
    let blue = RGBImage(width: 1, height: 1, rgb: [0, 0, 255])
    let coded = try Frame(blue, format: PixelFormat(.yuv444, bitDepth: 10), color: .bt709)
    #expect(coded.planes.map { $0[0, 0] } == [127, 960, 471])
  }

  @Test func limitedGreyAndRGBAreStretched() throws {
    let limited = ColorDescription(range: .limited)
    for layout in [PixelFormat.Layout.grey, .rgb] {
      let format = PixelFormat(layout)
      let white = RGBImage(
        try Fixture.frame(format, of: Array(repeating: 235, count: format.planeCount), color: limited))
      #expect(white[0, 0] == SIMD4(65280, 65280, 65280, 0))
      let black = RGBImage(
        try Fixture.frame(format, of: Array(repeating: 16, count: format.planeCount), color: limited))
      #expect(black[0, 0] == .zero)
      let beyond = RGBImage(
        try Fixture.frame(format, of: Array(repeating: 250, count: format.planeCount), color: limited))
      #expect(beyond[0, 0] == SIMD4(65280, 65280, 65280, 0))
    }
  }

  @Test func eightBitRGBAndGreyKeepEveryLevel() throws {
    for level in 0...255 {
      let rgb = RGBImage(try Fixture.frame(PixelFormat(.rgb), of: [level, 255 - level, 7], color: .fullRangeRGB))
      #expect(rgb[0, 0] == SIMD4(UInt16(level * 256), UInt16((255 - level) * 256), 7 * 256, 0))
      let grey = RGBImage(try Fixture.frame(PixelFormat(.grey), of: [level], color: .unspecified))
      #expect(grey[0, 0] == SIMD4(UInt16(level * 256), UInt16(level * 256), UInt16(level * 256), 0))
    }
  }

  @Test(arguments: [8, 9, 10, 12, 14, 16], Fixture.layouts)
  func smoothPicturesComeBack(depth: Int, layout: PixelFormat.Layout) throws {
    let image = Fixture.waves(width: 67, height: 45)
    for (code, _) in Fixture.matrixCodes {
      for range in [ColorDescription.Range.limited, .full] {
        for siting in [ColorDescription.ChromaSiting.left, .center, .topLeft] {
          let color = ColorDescription(range: range, matrixCode: code, siting: siting)
          let format = PixelFormat(layout, bitDepth: depth)
          let frame = try Frame(image, format: format, color: color)
          let back = RGBImage(frame)
          if layout != .grey {
            let allowed: Float = format.chromaShift.x > 0 ? 4 : layout == .rgb ? 0.6 : 1.7
            #expect(back.largestDifference(from: image) <= allowed, "\(code) \(range) \(siting)")
          }
          let again = try Frame(back, format: format, color: color)
          let step = 1 << (depth - 8)
          #expect(again.largestDifference(from: frame) <= (format.chromaShift.x > 0 ? 2 * step : max(1, step / 100)))
        }
      }
    }
  }

  @Test(arguments: [8, 10, 15])
  func everyRGBFrameComesBackExactly(depth: Int) throws {
    let frame = try Fixture.noise(PixelFormat(.rgb, bitDepth: depth), width: 33, height: 9, color: .fullRangeRGB)
    let back = try Frame(RGBImage(frame), format: frame.format, color: frame.color)
    #expect(back == frame)
    let grey = try Fixture.noise(PixelFormat(.grey, bitDepth: depth), width: 33, height: 9)
    #expect(try Frame(RGBImage(grey), format: grey.format, color: grey.color) == grey)
  }

  @Test func chromaSitsWhereItsSitingSays() throws {
    // A ramp across in Cb: sample i of chroma is 100 + 8 i.
    let format = PixelFormat(.yuv420)
    let chroma = Plane<UInt8>(width: 8, height: 4, samples: (0..<32).map { UInt8(100 + 8 * ($0 % 8)) })
    let rows = Plane<UInt8>(width: 8, height: 4, samples: (0..<32).map { UInt8(100 + 8 * ($0 / 8)) })
    for (siting, across, down): (ColorDescription.ChromaSiting, Float, Float) in [
      (.left, 0, 0.5), (.center, 0.5, 0.5), (.topLeft, 0, 0),
    ] {
      let color = ColorDescription(range: .full, matrixCode: 1, siting: siting)
      let grey = Plane<UInt8>(width: 16, height: 8, repeating: 128)
      let frame = try Frame(
        width: 16, height: 8, format: format, color: color, planes: [.bytes(grey), .bytes(chroma), .bytes(rows)])
      let image = RGBImage(frame)
      for x in 2..<13 {
        for y in 2..<6 {
          let level = image.level(x, y)
          let cb = (level.z - 128) / 1.8556
          let cr = (level.x - 128) / 1.5748
          #expect(abs(cb - (100 + 4 * (Float(x) - across) - 128)) < 0.02)
          #expect(abs(cr - (100 + 4 * (Float(y) - down) - 128)) < 0.02)
        }
      }
    }
  }

  @Test(arguments: Fixture.layouts, [8, 10])
  func aRegionIsTheSameAsTheWhole(layout: PixelFormat.Layout, depth: Int) throws {
    for siting in [ColorDescription.ChromaSiting.left, .center, .topLeft] {
      let color = ColorDescription(matrixCode: 1, siting: siting)
      let frame = try Fixture.noise(PixelFormat(layout, bitDepth: depth), width: 31, height: 21, color: color)
      let whole = RGBImage(frame)
      for region in [(0, 0, 31, 21), (3, 5, 7, 6), (4, 4, 1, 1), (30, 20, 1, 1), (0, 7, 31, 2), (29, 0, 2, 21)] {
        let area = Region(x: region.0, y: region.1, width: region.2, height: region.3)
        #expect(RGBImage(frame, region: area) == whole.cropped(to: area))
      }
      #expect(RGBImage(frame, region: Region(x: -5, y: 18, width: 9, height: 40)).bounds.area == 4 * 3)
      #expect(RGBImage(frame, threads: 4) == whole)
    }
  }

  @Test func aRegionOutsideGivesTheNearestPixel() throws {
    let frame = try Fixture.noise(PixelFormat(.yuv420), width: 5, height: 4)
    let whole = RGBImage(frame)
    #expect(RGBImage(frame, region: Region(x: 50, y: -9, width: 3, height: 3)).pixels == [whole[4, 0]])
    #expect(RGBImage(frame, region: Region(x: .max, y: .min, width: .max, height: 0)).pixels == [whole[4, 0]])
  }

  @Test(arguments: Fixture.layouts, [8, 12])
  func newFramesAreOpaque(layout: PixelFormat.Layout, depth: Int) throws {
    let format = PixelFormat(layout, bitDepth: depth, hasAlpha: true)
    let frame = try Frame(Fixture.waves(width: 5, height: 3), format: format, color: .bt709)
    let alpha = try #require(frame.planes.last)
    #expect((0..<15).allSatisfy { alpha[$0 % 5, $0 / 5] == format.maxValue })
  }

  @Test func depthsOutsideTheContractAreRefused() {
    let image = RGBImage(width: 2, height: 2)
    for depth in [0, 7, 17, 64] {
      #expect(throws: ImagingError.self) {
        try Frame(image, format: PixelFormat(.yuv420, bitDepth: depth), color: .bt709)
      }
    }
  }
}
