import Imaging
import Motion
import TestSupport
import Testing

struct PlanarTrackerTests {
  static let width = 200
  static let height = 130
  static let box = Region(x: 50, y: 40, width: 70, height: 40)

  static var mask: Plane<UInt8> {
    var mask = Plane<UInt8>(width: width, height: height, repeating: 0)
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX { mask[x, y] = 255 }
    }
    return mask
  }

  static func motion(_ frame: Int) -> Homography {
    let t = Double(frame)
    return Homography([1 + 0.006 * t, -0.012 * t, 2.4 * t, 0.012 * t, 1 + 0.006 * t, -0.8 * t, 0, 0, 1])
  }

  /// A textured plane that moves, with something round that stands before it at `occluder`.
  static func frame(_ index: Int, occluder: SIMD2<Double>? = nil, radius: Double = 18) -> RGBImage {
    var layers = [FlowScene.Layer(motion: motion(index), seed: 31, scale: 30)]
    if let occluder {
      layers.append(
        .init(motion: .identity, seed: 99, ellipse: (center: occluder, radii: SIMD2(radius, radius)), scale: 20))
    }
    let luma = FlowScene(width: width, height: height, layers: layers, noise: 1).second
    return RGBImage(width: width, height: height, rgb: luma.samples.flatMap { [$0, $0, $0] })
  }

  static func cornerError(_ match: PlanarMatch, _ frame: Int) -> Double {
    [(box.x, box.y), (box.maxX, box.y), (box.maxX, box.maxY), (box.x, box.maxY)].map { corner in
      let p = SIMD2(Double(corner.0), Double(corner.1))
      let d = match.homography.apply(p) - motion(frame).apply(p)
      return (d * d).sum().squareRoot()
    }.max()!
  }

  @Test func theFirstFrameGivesTheMaskBack() throws {
    var tracker = try PlanarTracker(image: Self.frame(0), mask: Self.mask)
    let match = tracker.step(Self.frame(0))
    #expect(match.mask == Self.mask)
    #expect(match.ncc > 0.99 && match.visibleShare == 1 && !match.isLost)
  }

  @Test func followsToAFractionOfAPixel() throws {
    var tracker = try PlanarTracker(image: Self.frame(0), mask: Self.mask)
    for index in 1...10 {
      let match = tracker.step(Self.frame(index))
      #expect(Self.cornerError(match, index) < 0.35, "frame \(index)")
      #expect(match.ncc > 0.95)
    }
  }

  @Test func whatCoversAPartDoesNotPull() throws {
    var tracker = try PlanarTracker(image: Self.frame(0), mask: Self.mask)
    for index in 1...10 {
      let place = Self.motion(index).apply(SIMD2(45 + Double(index) * 8, 60))
      let match = tracker.step(Self.frame(index, occluder: place))
      #expect(!match.isLost && Self.cornerError(match, index) < 1, "frame \(index)")
    }
  }

  @Test func whatCoversAPartIsLeftOutOfTheMask() throws {
    var tracker = try PlanarTracker(image: Self.frame(0), mask: Self.mask)
    for index in 1...8 {
      let place = Self.motion(index).apply(SIMD2(60 + Double(index) * 5, 60))
      let match = tracker.step(Self.frame(index, occluder: place))
      guard let back = Self.motion(index).inverse else { continue }
      var (both, either, wrong) = (0, 0, 0)
      for y in 0..<Self.height {
        for x in 0..<Self.width {
          let d = SIMD2(Double(x), Double(y)) - place
          let home = back.apply(SIMD2(Double(x), Double(y)))
          let isTarget =
            Self.mask.bounds.contains(x: Int(home.x.rounded()), y: Int(home.y.rounded()))
            && Self.mask[Int(home.x.rounded()), Int(home.y.rounded())] != 0
          let truth = isTarget && (d * d).sum() > 18 * 18
          let found = match.mask[x, y] >= 128
          both += truth && found ? 1 : 0
          either += truth || found ? 1 : 0
          wrong += found && !isTarget ? 1 : 0
        }
      }
      #expect(Double(both) / Double(either) > 0.86, "frame \(index): \(Double(both) / Double(either))")
    }
  }

  @Test func aTiltIsFollowed() throws {
    let tilt = { (index: Int) in
      Homography.translation(100, 65) * Homography([1, 0, 0, 0, 1, 0, 0.0004 * Double(index), 0, 1])
        * Homography.translation(-100, -65)
    }
    let frame = { (index: Int) in
      let luma = FlowScene(
        width: Self.width, height: Self.height, layers: [.init(motion: tilt(index), seed: 31, scale: 30)], noise: 1
      ).second
      return RGBImage(width: Self.width, height: Self.height, rgb: luma.samples.flatMap { [$0, $0, $0] })
    }
    let wide = Region(x: 30, y: 30, width: 140, height: 70)
    var mask = Plane<UInt8>(width: Self.width, height: Self.height, repeating: 0)
    for y in wide.y..<wide.maxY { for x in wide.x..<wide.maxX { mask[x, y] = 255 } }
    var tracker = try PlanarTracker(image: frame(0), mask: mask)
    for index in 1...5 {
      let match = tracker.step(frame(index))
      let errors = [(30.0, 30.0), (170, 30), (170, 100), (30, 100)].map { x, y in
        let d = match.homography.apply(SIMD2(x, y)) - tilt(index).apply(SIMD2(x, y))
        return (d * d).sum().squareRoot()
      }
      #expect(errors.max()! < 0.35, "frame \(index): \(errors)")
    }
  }

  @Test func aHiddenTargetIsLostAndFoundAgain() throws {
    var tracker = try PlanarTracker(image: Self.frame(0), mask: Self.mask)
    _ = tracker.step(Self.frame(1))
    for index in 2...3 {
      let match = tracker.step(Self.frame(index, occluder: SIMD2(100, 65), radius: 90))
      #expect(match.isLost && match.mask.samples.allSatisfy { $0 == 0 })
    }
    let match = tracker.step(Self.frame(6))
    #expect(!match.isLost && Self.cornerError(match, 6) < 0.5)
  }

  @Test func threadsDoNotChangeTheMatch() throws {
    var one = try PlanarTracker(image: Self.frame(0), mask: Self.mask, threads: 1)
    var three = try PlanarTracker(image: Self.frame(0), mask: Self.mask, threads: 3)
    #expect(one.step(Self.frame(2)).homography == three.step(Self.frame(2)).homography)
  }

  @Test func hostileInputIsAnswered() throws {
    let image = Self.frame(0)
    let empty = Plane<UInt8>(width: Self.width, height: Self.height, repeating: 0)
    #expect(throws: MotionError.self) { _ = try PlanarTracker(image: image, mask: empty) }
    var dot = empty
    dot[3, 3] = 255
    #expect(throws: MotionError.self) { _ = try PlanarTracker(image: image, mask: dot) }
    #expect(throws: MotionError.self) {
      _ = try PlanarTracker(image: image, mask: Plane(width: 3, height: 3, repeating: 255))
    }
    let flat = RGBImage(width: Self.width, height: Self.height, repeating: SIMD4(9000, 9000, 9000, 0))
    var plain = try PlanarTracker(image: flat, mask: Self.mask)
    #expect(plain.step(flat).isLost)
    var tracker = try PlanarTracker(image: image, mask: Self.mask)
    #expect(tracker.step(RGBImage(width: 8, height: 8)).isLost)
    #expect(tracker.step(flat).isLost)
    let whole = Plane<UInt8>(width: Self.width, height: Self.height, repeating: 255)
    var all = try PlanarTracker(image: image, mask: whole)
    #expect(!all.step(image).isLost)
  }

  private static func looksPlanar(_ mask: Plane<UInt8>, _ frames: [RGBImage]) -> Bool {
    var later = frames.dropFirst().makeIterator()
    return PlanarTracker.looksPlanar(mask, in: frames[0]) { later.next() }
  }

  @Test func aPlateIsRecognisedAndADiscIsNot() {
    let frames = (0..<8).map { Self.frame($0) }
    #expect(Self.looksPlanar(Self.mask, frames))
    #expect(!Self.looksPlanar(Self.mask, [frames[0]]))
    var disc = Self.mask
    for y in 0..<Self.height {
      for x in 0..<Self.width where disc[x, y] != 0 {
        let d = SIMD2(Double(x - 85), Double(y - 60)) / SIMD2(35, 20)
        if (d * d).sum() > 1 { disc[x, y] = 0 }
      }
    }
    #expect(!Self.looksPlanar(disc, frames))
  }

  @Test func aBoxAroundSomethingThatMovesInItIsNotRecognised() {
    let frames = (0..<8).map { Self.frame($0, occluder: SIMD2(60 + 6 * Double($0), 60), radius: 14) }
    #expect(!Self.looksPlanar(Self.mask, frames))
  }

  @Test func aPlainSurfaceIsNotRecognised() {
    let frames = (0..<8).map { t in
      var image = RGBImage(width: Self.width, height: Self.height)
      for y in 0..<Self.height {
        for x in 0..<Self.width {
          let grain = Float((x &* 73 &+ y &* 151 &+ t &* 37) % 3)
          image[x, y] = RGBImage.fixed(SIMD4(repeating: 60 + 0.6 * Float(x) + 0.4 * Float(y) + grain))
        }
      }
      return image
    }
    #expect(!Self.looksPlanar(Self.mask, frames))
  }
}
