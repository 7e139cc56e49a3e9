import Evaluation
import Imaging
import Motion
import TestSupport
import Testing

@testable import Tracking

/// A textured sign that moves, turns and tilts, and a disc before it: all truth is known.
@Suite("Following flat things")
struct PlanarObjectTests {
  private static let width = 260
  private static let height = 170
  private static let sign = Region(x: 60, y: 50, width: 120, height: 66)

  private static func motion(_ t: Int) -> Homography {
    let t = Double(t)
    return Homography.translation(120, 83)
      * Homography([1 + 0.004 * t, -0.01 * t, 0, 0.01 * t, 1 + 0.004 * t, 0, 0.00015 * t, 0, 1])
      * Homography.translation(-120 + 1.6 * t, -83 - 0.7 * t)
  }

  private static func frame(_ t: Int, disc: (center: SIMD2<Double>, radius: Double)? = nil) -> RGBImage {
    var layers = [FlowScene.Layer(motion: motion(t), seed: 5, scale: 30)]
    if let disc {
      layers.append(
        .init(
          motion: .identity, seed: 77, ellipse: (center: disc.center, radii: SIMD2(disc.radius, disc.radius)), scale: 20
        ))
    }
    let luma = FlowScene(width: width, height: height, layers: layers, noise: 1).second
    return RGBImage(width: width, height: height, rgb: luma.samples.flatMap { [$0, $0, $0] })
  }

  /// What of the sign is in sight.
  private static func truth(_ t: Int, disc: (center: SIMD2<Double>, radius: Double)? = nil) -> Mask {
    let back = motion(t).inverse!
    var mask = Mask(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let home = back.apply(SIMD2(Double(x), Double(y)))
        guard sign.contains(x: Int(home.x.rounded()), y: Int(home.y.rounded())) else { continue }
        let d = disc.map { SIMD2(Double(x), Double(y)) - $0.center } ?? SIMD2(1e3, 1e3)
        if (d * d).sum().squareRoot() > disc?.radius ?? 0 { mask.labels[x, y] = 1 }
      }
    }
    return mask
  }

  private static func cornerError(_ tracked: TrackedMask, _ t: Int) -> Double {
    let (left, top) = (Double(sign.x) - 0.5, Double(sign.y) - 0.5)
    let (right, bottom) = (Double(sign.maxX) - 0.5, Double(sign.maxY) - 0.5)
    let truth = [SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)].map(motion(t).apply)
    guard let found = tracked.corners[1] else { return .infinity }
    return zip(truth, found).map { a, b in
      let d = a - SIMD2<Double>(b)
      return (d * d).sum().squareRoot()
    }.max()!
  }

  @Test("corners and mask to a fraction of a pixel")
  func exactness() throws {
    var tracker = PlanarObjectTracker()
    let first = try tracker.step(Self.frame(0), correction: Self.truth(0))
    #expect(Self.cornerError(first, 0) < 1e-6)
    for t in 1...12 {
      let tracked = try tracker.step(Self.frame(t), correction: nil)
      #expect(Self.cornerError(tracked, t) < 0.4, "frame \(t): \(Self.cornerError(tracked, t))")
      let j = MaskEvaluator.intersectionOverUnion(Self.truth(t).coverage(), tracked.mask.coverage())
      #expect(j > 0.97, "frame \(t): \(j)")
      #expect(tracked.confidence[1]! > 0.8)
    }
  }

  @Test("what passes before the sign is left out, and does not pull")
  func occlusion() throws {
    var tracker = PlanarObjectTracker()
    _ = try tracker.step(Self.frame(0), correction: Self.truth(0))
    for t in 1...12 {
      let disc = (center: Self.motion(t).apply(SIMD2(52 + 10 * Double(t), 84)), radius: 20.0)
      let tracked = try tracker.step(Self.frame(t, disc: disc), correction: nil)
      #expect(Self.cornerError(tracked, t) < 1, "frame \(t): \(Self.cornerError(tracked, t))")
      let j = MaskEvaluator.intersectionOverUnion(Self.truth(t, disc: disc).coverage(), tracked.mask.coverage())
      #expect(j > 0.88, "frame \(t): \(j)")
    }
  }

  @Test("a sign that is hidden is lost, and found again")
  func reDetection() throws {
    var tracker = PlanarObjectTracker()
    _ = try tracker.step(Self.frame(0), correction: Self.truth(0))
    _ = try tracker.step(Self.frame(1), correction: nil)
    for t in 2...4 {
      let hidden = try tracker.step(Self.frame(t, disc: (SIMD2(125, 82), 120)), correction: nil)
      #expect(hidden.mask.isEmpty && hidden.confidence[1] == 0 && hidden.corners[1] == nil)
    }
    let found = try tracker.step(Self.frame(8), correction: nil)
    #expect(Self.cornerError(found, 8) < 0.5)
  }

  @Test("replayed frames leave the tracker as it was; a correction is the new template")
  func replayAndCorrection() throws {
    var whole = PlanarObjectTracker(threads: 3)
    var resumed = PlanarObjectTracker()
    for t in 0..<4 {
      let correction = t == 0 ? Self.truth(0) : nil
      let tracked = try whole.step(Self.frame(t), correction: correction)
      try resumed.replay(Self.frame(t), correction: correction, tracked: tracked)
    }
    #expect(try whole.step(Self.frame(4), correction: nil) == resumed.step(Self.frame(4), correction: nil))
    _ = try whole.step(Self.frame(5), correction: Self.truth(5))
    let next = try whole.step(Self.frame(6), correction: nil)
    #expect(MaskEvaluator.intersectionOverUnion(Self.truth(6).coverage(), next.mask.coverage()) > 0.97)
  }

  @Test("what cannot be followed is refused")
  func refusals() throws {
    var dot = Mask(width: Self.width, height: Self.height)
    dot.labels[3, 3] = 1
    var tracker = PlanarObjectTracker()
    #expect { try tracker.step(Self.frame(0), correction: nil) } throws: {
      ($0 as? TrackingError)?.code == .missingMask
    }
    #expect { try tracker.step(Self.frame(0), correction: dot) } throws: {
      ($0 as? TrackingError)?.code == .nothingToFollow
    }
  }
}

@Suite("The corners of a mask")
struct MaskQuadTests {
  @Test("a quadrilateral's own, to a fraction of a pixel")
  func quadrilateral() throws {
    let truth = [SIMD2(20.0, 12), SIMD2(90, 25), SIMD2(86, 70), SIMD2(14, 55)]
    var mask = Plane<UInt8>(width: 110, height: 80, repeating: 0)
    for y in 0..<80 {
      for x in 0..<110 {
        let inside = truth.indices.allSatisfy { k in
          let (a, b) = (truth[k], truth[(k + 1) % 4])
          return (b.x - a.x) * (Double(y) - a.y) - (b.y - a.y) * (Double(x) - a.x) >= 0
        }
        if inside { mask[x, y] = 255 }
      }
    }
    let found = try #require(MaskQuad.corners(of: mask))
    for (a, b) in zip(truth, found) { #expect(((a - b) * (a - b)).sum().squareRoot() < 1.5, "\(a) \(b)") }
  }

  @Test("the bounding box of anything else")
  func others() {
    var disc = Plane<UInt8>(width: 40, height: 40, repeating: 0)
    for y in 0..<40 { for x in 0..<40 where (x - 20) * (x - 20) + (y - 20) * (y - 20) < 100 { disc[x, y] = 255 } }
    #expect(
      MaskQuad.corners(of: disc)! == [SIMD2(10.5, 10.5), SIMD2(29.5, 10.5), SIMD2(29.5, 29.5), SIMD2(10.5, 29.5)])
    var dot = Plane<UInt8>(width: 4, height: 4, repeating: 0)
    #expect(MaskQuad.corners(of: dot) == nil)
    dot[2, 1] = 255
    #expect(MaskQuad.corners(of: dot)! == [SIMD2(1.5, 0.5), SIMD2(2.5, 0.5), SIMD2(2.5, 1.5), SIMD2(1.5, 1.5)])
  }
}
