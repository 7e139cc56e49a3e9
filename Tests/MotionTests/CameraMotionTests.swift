import Imaging
import Motion
import Testing

struct CameraMotionTests {
  static let width = 320
  static let height = 180

  /// The flow of a map, with a little noise, and a foreground that moves on its own in the middle.
  static func flow(_ map: Homography, foreground share: Double, noise: Float = 0.1) -> FlowField {
    var field = FlowField(width: width, height: height)
    var random = UInt64(1)
    func next() -> Float {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(random >> 40) / Float(1 << 24) - 0.5
    }
    let side = share.squareRoot()
    let columns = Double(width) * (1 - side) / 2..<Double(width) * (1 + side) / 2
    let rows = Double(height) * (1 - side) / 2..<Double(height) * (1 + side) / 2
    for y in 0..<height {
      for x in 0..<width {
        let p = SIMD2(Double(x), Double(y))
        let own = columns.contains(p.x) && rows.contains(p.y)
        field[x, y] = own ? SIMD2(11, -6) : SIMD2<Float>(map.apply(p) - p)
        field[x, y] += SIMD2(next(), next()) * 2 * noise
      }
    }
    return field
  }

  static func worstCorner(_ a: Homography, _ b: Homography) -> Double {
    let corners = [(0, 0), (width, 0), (0, height), (width, height)].map { SIMD2(Double($0.0), Double($0.1)) }
    return corners.map { corner in
      let d = a.apply(corner) - b.apply(corner)
      return (d * d).sum().squareRoot()
    }.max()!
  }

  static let perspective = Homography([1.03, 0.02, -4, -0.01, 1.02, 3, 2e-4, 1e-4, 1])

  @Test(arguments: [0, 0.2, 0.4, 0.55])
  func aLargeForegroundDoesNotPull(share: Double) {
    let motion = CameraMotion.estimate(flow: Self.flow(Self.perspective, foreground: share))
    #expect(Self.worstCorner(motion.homography, Self.perspective) < 0.5)
    #expect(motion.model == .homography)
    #expect(abs(Double(motion.inlierShare) - (1 - share)) < 0.08)
    #expect(motion.residual < 0.3)
  }

  @Test func theMaskIsNotLookedAt() {
    let flow = Self.flow(Self.perspective, foreground: 0.8, noise: 0)
    var mask = Plane<UInt8>(width: Self.width, height: Self.height, repeating: 0)
    for y in 0..<Self.height {
      for x in 0..<Self.width where flow[x, y] == SIMD2(11, -6) { mask[x, y] = 255 }
    }
    let motion = CameraMotion.estimate(flow: flow, ignoring: mask)
    #expect(Self.worstCorner(motion.homography, Self.perspective) < 0.05)
    #expect(motion.inlierShare == 1)
  }

  @Test func theSimplestKindIsChosen() {
    let turn = Homography([0.998, -0.03, 4, 0.03, 0.998, -3, 0, 0, 1])
    let shear = Homography([1.02, 0.03, -4, 0.0, 0.97, 3, 0, 0, 1])
    for (map, model) in [
      (Homography.translation(4, -3), Homography.Model.translation), (turn, .similarity), (shear, .affine),
    ] {
      let motion = CameraMotion.estimate(flow: Self.flow(map, foreground: 0.2))
      #expect(motion.model == model)
      #expect(Self.worstCorner(motion.homography, map) < 0.3)
    }
  }

  @Test func degenerateFieldsAreAnswered() {
    for (width, height) in [(1, 1), (2, 1), (1, 9), (2, 2), (8, 8)] {
      let still = CameraMotion.estimate(flow: FlowField(width: width, height: height))
      #expect(still.homography == .identity && still.model == .translation && still.inlierShare == 1)
      let wild = FlowField(width: width, height: height, repeating: SIMD2(.nan, .infinity))
      #expect(CameraMotion.estimate(flow: wild).inlierShare == 0)
      let all = Plane<UInt8>(width: width, height: height, repeating: 1)
      #expect(CameraMotion.estimate(flow: FlowField(width: width, height: height), ignoring: all).inlierShare == 0)
    }
  }

  @Test func theFieldIsTheMap() {
    let motion = CameraMotion.estimate(flow: Self.flow(.translation(4, -3), foreground: 0, noise: 0))
    #expect(motion.field(width: 3, height: 2).vectors.allSatisfy { abs($0.x - 4) < 1e-4 && abs($0.y + 3) < 1e-4 })
  }
}
