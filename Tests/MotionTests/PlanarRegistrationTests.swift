import Imaging
import Motion
import TestSupport
import Testing

/// A ring around something is laid on other frames by itself alone.
struct PlanarRegistrationTests {
  private static var ring: Plane<UInt8> {
    var mask = PlanarTrackerTests.mask
    let box = PlanarTrackerTests.box
    for y in box.y + 8..<box.maxY - 8 {
      for x in box.x + 16..<box.maxX - 16 { mask[x, y] = 0 }
    }
    return mask
  }

  private static func error(_ map: Homography, _ frame: Int) -> Double {
    let box = PlanarTrackerTests.box
    return [(box.x, box.y), (box.maxX, box.y), (box.maxX, box.maxY), (box.x, box.maxY)].map { corner in
      let p = SIMD2(Double(corner.0), Double(corner.1))
      let d = map.apply(p) - PlanarTrackerTests.motion(frame).apply(p)
      return (d * d).sum().squareRoot()
    }.max()!
  }

  @Test func findsAFarFrameFromAGuess() throws {
    let registration = try #require(PlanarRegistration(PlanarTrackerTests.frame(0), mask: Self.ring))
    let guess = PlanarTrackerTests.motion(9) * .translation(2, -1.5)
    let fit = try #require(registration.fit(PlanarTrackerTests.frame(9), near: guess))
    #expect(Self.error(fit.homography, 9) < 0.35)
    #expect(fit.ncc > 0.95 && fit.visibleShare > 0.9)
  }

  @Test func saysHowMuchSomethingElseCovers() throws {
    let registration = try #require(PlanarRegistration(PlanarTrackerTests.frame(0), mask: Self.ring))
    let covered = PlanarTrackerTests.frame(3, occluder: PlanarTrackerTests.motion(3).apply(SIMD2(62, 60)), radius: 20)
    let fit = try #require(registration.fit(covered, near: PlanarTrackerTests.motion(3)))
    #expect(Self.error(fit.homography, 3) < 0.6)
    #expect(fit.visibleShare < 0.85)
  }

  @Test func refusesWhatHoldsNothing() {
    let empty = Plane<UInt8>(width: PlanarTrackerTests.width, height: PlanarTrackerTests.height, repeating: 0)
    #expect(PlanarRegistration(PlanarTrackerTests.frame(0), mask: empty) == nil)
    #expect(PlanarRegistration(PlanarTrackerTests.frame(0), mask: Plane(width: 3, height: 3, repeating: 255)) == nil)
  }
}
