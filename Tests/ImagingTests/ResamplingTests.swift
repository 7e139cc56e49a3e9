import Testing

@testable import Imaging

@Suite struct ResamplingTests {
  @Test func shrinkingAveragesOverTheArea() {
    let plane = Plane<UInt8>(width: 6, height: 2, samples: [0, 10, 20, 30, 40, 50, 100, 110, 120, 130, 140, 150])
    #expect(plane.resized(width: 3, height: 1).samples == [55, 75, 95])
    #expect(plane.resized(width: 2, height: 2).samples == [10, 40, 110, 140])
    // 1.5 columns to each of four: 10 / 3, 50 / 3, ...
    #expect(plane.resized(width: 4, height: 2).samples.prefix(4) == [3, 17, 33, 47])
  }

  @Test(arguments: [(1, 1), (3, 2), (17, 40), (64, 64), (5, 200), (200, 5)])
  func flatPicturesStayFlat(width: Int, height: Int) {
    let pixel = SIMD4<UInt16>(65280, 12345, 1, 0)
    let flat = RGBImage(width: 31, height: 23, repeating: pixel)
    let plane = Plane<UInt8>(width: 31, height: 23, repeating: 201)
    for interpolation in [Interpolation.bilinear, .bicubic] {
      let image = flat.resized(width: width, height: height, interpolation: interpolation)
      #expect(image.pixels.allSatisfy { $0 == pixel })
      #expect(image.width == width && image.height == height)
      #expect(
        plane.resized(width: width, height: height, interpolation: interpolation).samples.allSatisfy { $0 == 201 })
    }
  }

  @Test func growingKeepsARampStraight() {
    let ramp = Plane<Float>(width: 8, height: 3, samples: (0..<24).map { Float(10 * ($0 % 8)) })
    for interpolation in [Interpolation.bilinear, .bicubic] {
      let grown = ramp.resized(width: 32, height: 6, interpolation: interpolation)
      for x in 8..<24 {
        #expect(abs(grown[x, 3] - 10 * ((Float(x) + 0.5) / 4 - 0.5)) < 0.01)
      }
    }
  }

  @Test func bicubicInterpolatesQuadratics() {
    let curve = Plane<Float>(width: 12, height: 1, samples: (0..<12).map { Float($0 * $0) })
    let grown = curve.resized(width: 36, height: 1, interpolation: .bicubic)
    for x in 9..<27 {
      let position = (Float(x) + 0.5) / 3 - 0.5
      #expect(abs(grown[x, 0] - position * position) < 0.01)
    }
  }

  @Test func nearestTakesThePixelUnderTheCentre() {
    let labels = Plane<UInt8>(width: 3, height: 2, samples: [1, 2, 3, 4, 5, 6])
    #expect(labels.resizedNearest(width: 6, height: 2).samples == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
    #expect(labels.resizedNearest(width: 1, height: 1).samples == [5])
    #expect(labels.resizedNearest(width: 3, height: 2) == labels)
    #expect(Mask(labels: labels).resized(width: 9, height: 6).resized(width: 3, height: 2).labels == labels)
  }

  @Test func halvingIsTheMeanOfFour() {
    let plane = Plane<UInt8>(width: 3, height: 3, samples: [0, 1, 200, 2, 3, 201, 9, 10, 255])
    #expect(plane.halved() == Plane(width: 2, height: 2, samples: [2, 201, 10, 255]))
    let floats = plane.map { Float($0) }
    #expect(floats.halved() == Plane(width: 2, height: 2, samples: [1.5, 200.5, 9.5, 255]))
    let image = RGBImage(width: 3, height: 1, rgb: [0, 10, 20, 4, 20, 40, 255, 1, 7])
    #expect(image.halved() == RGBImage(width: 2, height: 1, rgb: [2, 15, 30, 255, 1, 7]))
    #expect(RGBImage(width: 1, height: 1, rgb: [9, 8, 7]).halved() == RGBImage(width: 1, height: 1, rgb: [9, 8, 7]))
  }

  @Test func halvingIsResizingByHalf() {
    let image = Fixture.noiseImage(width: 40, height: 22)
    #expect(image.halved().largestDifference(from: image.resized(width: 20, height: 11)) <= 1 / 256)
  }

  @Test func samplingHitsPixelsAndClamps() {
    let image = Fixture.noiseImage(width: 9, height: 7)
    for (x, y) in [(0, 0), (8, 6), (3, 4), (8, 0)] {
      #expect(image.bilinear(Float(x), Float(y)) == image.level(x, y))
      let difference = image.bicubic(Float(x), Float(y)) - image.level(x, y)
      #expect((difference * difference).sum() < 1e-6)
    }
    #expect(image.bilinear(-4, 99) == image.level(0, 6))
    #expect(image.bilinear(.infinity, -.infinity) == image.level(8, 0))
    #expect(image.bilinear(.nan, .nan) == image.level(8, 6))
    #expect(image.bicubic(.nan, 1e30).x == image.level(8, 6).x)
    let middle = image.bilinear(2.5, 3)
    #expect(abs(middle.y - (image.level(2, 3).y + image.level(3, 3).y) / 2) < 0.01)
  }

  @Test func bicubicSamplingOfPlanesIsThatOfImages() {
    let plane = Fixture.noisePlane(width: 11, height: 8)
    let image = RGBImage(width: 11, height: 8, rgb: plane.samples.flatMap { [$0, $0, $0] })
    for (x, y): (Float, Float) in [(0, 0), (3.3, 4.8), (9.9, 0.2), (10, 7), (-2, 3.5), (.nan, 2)] {
      #expect(abs(plane.bicubic(x, y) - image.bicubic(x, y).y) < 0.01)
      #expect(abs(max(0, min(255, plane.map { Float($0) }.bicubic(x, y))) - image.bicubic(x, y).x) < 0.01)
    }
  }

  @Test func samplingPlanesFollowsARamp() {
    let bytes = Plane<UInt8>(width: 8, height: 8, samples: (0..<64).map { UInt8(10 * ($0 % 8) + $0 / 8) })
    let floats = bytes.map { Float($0) }
    for (x, y): (Float, Float) in [(1.25, 2.5), (6.9, 0.1), (0, 7)] {
      #expect(abs(bytes.bilinear(x, y) - (10 * x + y)) < 1e-3)
      #expect(abs(floats.bilinear(x, y) - (10 * x + y)) < 1e-3)
    }
  }

  @Test func threadsDoNotMatter() {
    let image = Fixture.noiseImage(width: 90, height: 120)
    let plane = Fixture.noisePlane(width: 90, height: 120)
    let small = image.resized(width: 41, height: 57)
    let large = plane.resized(width: 131, height: 177)
    for threads in 2...4 {
      #expect(image.resized(width: 41, height: 57, threads: threads) == small)
      #expect(plane.resized(width: 131, height: 177, threads: threads) == large)
      #expect(image.blurred(sigma: 2, threads: threads) == image.blurred(sigma: 2))
    }
  }
}
