import Imaging
import Motion
import TestSupport
import Testing

@testable import Inpainting

/// A plate on something that turns, grows and passes before a ground of another motion.
@Suite struct RidingHoleTests {
  private static let (width, height, count) = (150, 96, 40)
  private static let center = SIMD2(62.0, 46.0)

  private static func motion(_ frame: Int) -> Homography {
    let t = Double(frame)
    let turn = Homography([1 + 0.003 * t, -0.002 * t, 0, 0.002 * t, 1 + 0.003 * t, 0, 0, 0, 1])
    return Homography.translation(center.x + 0.45 * t, center.y + 0.03 * t) * turn
      * .translation(-center.x, -center.y)
  }

  /// `slip`: pixels a frame by which the hole leaves the place that it rides on.
  private static func scene(slip: Double) -> FillScene {
    let truth = (0..<count).map { index -> RGBImage in
      let layers = [
        FlowScene.Layer(motion: .translation(-1.7 * Double(index), 0), seed: 4, scale: 24),
        FlowScene.Layer(motion: motion(index), seed: 9, ellipse: (center: center, radii: SIMD2(44, 33)), scale: 30),
      ]
      let luma = FlowScene(width: width, height: height, layers: layers, noise: 1).second
      return RGBImage(width: width, height: height, rgb: luma.samples.flatMap { [$0, $0, $0] })
    }
    let holes = (0..<count).map { index -> Plane<UInt8> in
      let middle = motion(index).apply(center) + SIMD2(slip * Double(index), 0)
      let grown = 1 + 0.003 * Double(index)
      let (w, h) = (Int(24 * grown) + index % 3, Int(12 * grown) + index % 2)
      return FillScene.hole(
        Region(x: Int(middle.x) - w / 2, y: Int(middle.y) - h / 2, width: w, height: h), width, height)
    }
    return FillScene(truth: truth, holes: holes)
  }

  @Test func whatIsMadeUpRidesAlong() throws {
    let output = try Self.scene(slip: 0).fill()
    let first = output[0].image
    var (change, pixels) = (Float(0), Float(0))
    for (index, frame) in output.enumerated() {
      for y in -2...2 {
        for x in -6...6 {
          let place = SIMD2<Float>(Self.motion(index).apply(Self.center + SIMD2(Double(x), Double(y))))
          let origin = frame.provenance[Int(place.x.rounded()), Int(place.y.rounded())]
          #expect(origin == Provenance.madeUp.rawValue, "frame \(index)")
          let start = Self.center + SIMD2(Double(x), Double(y))
          change += difference(frame.image, place, first.level(Int(start.x), Int(start.y)))
          pixels += 1
        }
      }
    }
    #expect(change / pixels < 9, "what was made up changes by \(change / pixels) levels")
  }

  /// Between what a picture shows at a place between pixels and `level`.
  private func difference(_ image: RGBImage, _ place: SIMD2<Float>, _ level: SIMD4<Float>) -> Float {
    let (x, y) = (Int(place.x), Int(place.y))
    let (u, v) = (place.x - Float(x), place.y - Float(y))
    let upper = image.level(x, y).y * (1 - u) + image.level(x + 1, y).y * u
    let lower = image.level(x, y + 1).y * (1 - u) + image.level(x + 1, y + 1).y * u
    return abs(upper * (1 - v) + lower * v - level.y)
  }

  @Test func whatAHoleLeavesBehindIsBorrowed() throws {
    let scene = Self.scene(slip: 0.8)
    let output = try scene.fill()
    var (borrowed, all) = (0, 0)
    for frame in output {
      all += frame.provenance.samples.count { $0 != Provenance.known.rawValue }
      borrowed += frame.provenance.samples.count { $0 == Provenance.borrowed.rawValue }
    }
    #expect(borrowed * 10 > all * 9, "\(borrowed) of \(all) pixels are borrowed")
  }
}
