import Testing

@testable import Imaging

@Suite struct CompositeTests {
  static let sitings: [ColorDescription.ChromaSiting] = [.left, .center, .topLeft]

  @Test(arguments: Fixture.layouts, [8, 10, 16])
  func onlyCoveredSamplesChange(layout: PixelFormat.Layout, depth: Int) throws {
    for (index, siting) in Self.sitings.enumerated() {
      let format = PixelFormat(layout, bitDepth: depth, hasAlpha: true)
      let color = ColorDescription(matrixCode: 1, siting: siting)
      let frame = try Fixture.noise(format, width: 37, height: 23, color: color, seed: UInt64(index + 1))
      let region = Region(x: 5, y: 3, width: 21, height: 15)
      let image = Fixture.noiseImage(width: region.width, height: region.height)
      let alpha = Fixture.dots(width: region.width, height: region.height, density: 0.1)
      let out = frame.composited(image, at: region, alpha: alpha)
      #expect(out.planes.last == frame.planes.last)
      for index in 0..<format.colorPlaneCount {
        let shift = index > 0 ? format.chromaShift : (0, 0)
        expectUntouched(out.planes[index], frame.planes[index], shift: shift, region: region, alpha: alpha)
      }
      #expect(out.planes != frame.planes)
    }
  }

  private func expectUntouched(
    _ plane: SamplePlane, _ source: SamplePlane, shift: (x: Int, y: Int), region: Region, alpha: Plane<UInt8>
  ) {
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        let shared = Region(x: x << shift.x, y: y << shift.y, width: 1 << shift.x, height: 1 << shift.y)
        let seen = shared.intersection(region)
        let covered = (seen.y..<seen.maxY).contains { row in
          (seen.x..<seen.maxX).contains { alpha[$0 - region.x, row - region.y] > 0 }
        }
        if !covered { #expect(plane[x, y] == source[x, y], "at \(x), \(y)") }
      }
    }
  }

  @Test(arguments: Fixture.layouts)
  func fullAlphaWritesTheWholeImage(layout: PixelFormat.Layout) throws {
    for siting in Self.sitings {
      let color = ColorDescription(matrixCode: 1, siting: siting)
      let frame = try Fixture.noise(PixelFormat(layout, bitDepth: 10), width: 21, height: 13, color: color)
      let image = Fixture.waves(width: 21, height: 13)
      let opaque = Plane<UInt8>(width: 21, height: 13, repeating: 255)
      let out = frame.composited(image, at: frame.bounds, alpha: opaque)
      #expect(out == (try Frame(image, format: frame.format, color: color)))
      #expect(RGBImage(out).largestDifference(from: image) <= (layout == .grey ? 255 : 6))
    }
  }

  @Test func halfAlphaMeetsHalfway() throws {
    let format = PixelFormat(.yuv420)
    let color = ColorDescription(range: .limited, matrixCode: 1)
    let frame = try Fixture.frame(format, of: [100, 100, 150], color: color, width: 8, height: 8)
    let target = RGBImage(try Fixture.frame(format, of: [200, 140, 110], color: color, width: 8, height: 8))
    let out = frame.composited(target, at: frame.bounds, alpha: Plane(width: 8, height: 8, repeating: 51))
    #expect(out.planes.map { $0[4, 2] } == [120, 108, 142])
  }

  @Test func aPartlyCoveredChromaSampleTakesOnlyCoveredPixels() throws {
    let format = PixelFormat(.yuv420)
    for siting in Self.sitings {
      let color = ColorDescription(range: .limited, matrixCode: 1, siting: siting)
      let frame = try Fixture.frame(format, of: [120, 128, 128], color: color, width: 8, height: 8)
      // Under alpha the image is one colour; elsewhere another, which must not leak in.
      var image = RGBImage(width: 8, height: 8, rgb: Array(repeating: 255, count: 192))
      let covered = RGBImage(try Fixture.frame(format, of: [120, 168, 88], color: color))[0, 0]
      var alpha = Plane<UInt8>(width: 8, height: 8, repeating: 0)
      image[5, 3] = covered
      alpha[5, 3] = 255
      let out = frame.composited(image, at: frame.bounds, alpha: alpha)
      #expect(out.planes[1][2, 1] == 138)
      #expect(out.planes[2][2, 1] == 118)
      #expect(out.planes[0][5, 3] == 120)
      #expect(out.planes[0][4, 3] == 120)
    }
  }

  @Test func lastOddChromaColumnsAndRowsAreFullyReplaced() throws {
    for layout in [PixelFormat.Layout.yuv420, .yuv422] {
      let frame = try Fixture.frame(PixelFormat(layout), of: [50, 60, 70], color: .bt709, width: 7, height: 5)
      let image = RGBImage(
        try Fixture.frame(PixelFormat(layout), of: [90, 130, 120], color: .bt709, width: 1, height: 1))
      let corner = Region(x: 6, y: 4, width: 1, height: 1)
      let out = frame.composited(image, at: corner, alpha: Plane(width: 1, height: 1, repeating: 255))
      #expect(out.planes[0][6, 4] == 90)
      let last = out.planes[1].height - 1
      #expect(out.planes[1][3, last] == 130)
      #expect(out.planes[2][3, last] == 120)
    }
  }

  @Test func unchangedPixelsComeBackWithinALevel() throws {
    // What an engine leaves as it was must not shift when the mask covers it.
    let frame = try Frame(Fixture.waves(width: 64, height: 48), format: PixelFormat(.yuv420), color: .bt709)
    let out = frame.composited(
      RGBImage(frame), at: frame.bounds, alpha: Plane(width: 64, height: 48, repeating: 255))
    #expect(out.largestDifference(from: frame) <= 1)
  }

  @Test func regionsBeyondTheFrameAreCut() throws {
    let frame = try Fixture.noise(PixelFormat(.yuv420), width: 9, height: 7, color: .bt709)
    let region = Region(x: -3, y: -2, width: 20, height: 15)
    let image = Fixture.waves(width: 20, height: 15)
    let opaque = Plane<UInt8>(width: 20, height: 15, repeating: 255)
    let whole = image.cropped(to: Region(x: 3, y: 2, width: 9, height: 7))
    #expect(
      frame.composited(image, at: region, alpha: opaque) == (try Frame(whole, format: frame.format, color: .bt709)))
    let outside = Region(x: 9, y: 0, width: 20, height: 15)
    #expect(frame.composited(image, at: outside, alpha: opaque) == frame)
  }

  @Test func emptyAlphaChangesNothing() throws {
    let frame = try Fixture.noise(PixelFormat(.yuv422, bitDepth: 12), width: 9, height: 7)
    let image = Fixture.waves(width: 9, height: 7)
    #expect(frame.composited(image, at: frame.bounds, alpha: Plane(width: 9, height: 7, repeating: 0)) == frame)
  }

  @Test(arguments: Fixture.layouts)
  func threadsDoNotMatter(layout: PixelFormat.Layout) throws {
    let color = ColorDescription(matrixCode: 1, siting: .topLeft)
    let frame = try Fixture.noise(PixelFormat(layout), width: 65, height: 101, color: color)
    let image = Fixture.waves(width: 65, height: 101)
    let alpha = Fixture.noisePlane(width: 65, height: 101)
    let one = frame.composited(image, at: frame.bounds, alpha: alpha)
    for threads in 2...5 {
      #expect(frame.composited(image, at: frame.bounds, alpha: alpha, threads: threads) == one)
    }
  }
}
