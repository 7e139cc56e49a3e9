import Testing

@testable import Imaging

@Suite struct BlurTests {
  @Test func aGaussianHasItsVariance() {
    var plane = Plane<Float>(width: 41, height: 41, repeating: 0)
    plane[20, 20] = 1
    let blurred = plane.blurred(sigma: 2.5)
    let total = blurred.samples.reduce(0, +)
    #expect(abs(total - 1) < 1e-4)
    var variance: Float = 0
    for y in 0..<41 { for x in 0..<41 { variance += Float((x - 20) * (x - 20)) * blurred[x, y] } }
    // Cut at three deviations.
    #expect(abs(variance - 6.25) < 0.25)
    #expect(abs(blurred[23, 20] - blurred[20, 17]) < 1e-7)
  }

  @Test func flatPicturesStayFlat() {
    for sigma: Float in [-1, 0, 0.3, 1, 9] {
      #expect(Plane<UInt8>(width: 5, height: 3, repeating: 77).blurred(sigma: sigma).samples.allSatisfy { $0 == 77 })
      let image = RGBImage(width: 4, height: 6, repeating: SIMD4(65280, 300, 0, 0))
      #expect(image.blurred(sigma: sigma) == image)
    }
  }

  @Test func imagesBlurAsPlanesDo() {
    let plane = Fixture.noisePlane(width: 23, height: 17)
    let image = RGBImage(width: 23, height: 17, rgb: plane.samples.flatMap { [$0, 0, $0] })
    let blurred = image.blurred(sigma: 1.7)
    let expected = plane.map { Float($0) }.blurred(sigma: 1.7)
    for y in 0..<17 { for x in 0..<23 { #expect(abs(blurred.level(x, y).x - expected[x, y]) < 0.01) } }
    #expect(blurred.pixels.allSatisfy { $0.y == 0 && $0.x == $0.z && $0.w == 0 })
  }

  @Test(arguments: [1, 2, 5, 40])
  func aBoxIsTheMeanOfItsSquare(radius: Int) {
    let plane = Fixture.noisePlane(width: 13, height: 9)
    let blurred = plane.boxBlurred(radius: radius)
    let floats = plane.map { Float($0) }.boxBlurred(radius: radius)
    let side = 2 * radius + 1
    for y in 0..<9 {
      for x in 0..<13 {
        var sum = 0
        for j in -radius...radius {
          for i in -radius...radius { sum += Int(plane[max(0, min(12, x + i)), max(0, min(8, y + j))]) }
        }
        #expect(Int(blurred[x, y]) == (sum + side * side / 2) / (side * side))
        #expect(abs(floats[x, y] - Float(sum) / Float(side * side)) < 1e-3)
      }
    }
    #expect(plane.boxBlurred(radius: 0) == plane)
  }
}
