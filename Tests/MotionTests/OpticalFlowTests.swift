import CPixelKernels
import Imaging
import Motion
import TestSupport
import Testing

struct OpticalFlowTests {
  static let twoLayers = FlowScene(
    width: 320, height: 200,
    layers: [
      .init(motion: .init([1.01, 0.004, 3.2, -0.004, 1.01, -1.7, 1e-5, 0, 1]), seed: 1),
      .init(
        motion: .init([0.99, 0.03, -9, -0.03, 0.99, 12, 0, 0, 1]), seed: 77,
        ellipse: (center: .init(170, 100), radii: .init(60, 45))),
    ])

  /// Mean end-point error over pixels that stay in sight.
  static func endPointError(_ flow: FlowField, _ scene: FlowScene) -> Float {
    var sum: Float = 0
    var count: Float = 0
    for i in 0..<flow.vectors.count where scene.visible.samples[i] != 0 {
      let d = flow.vectors[i] - scene.flow.vectors[i]
      sum += (d * d).sum().squareRoot()
      count += 1
    }
    return sum / count
  }

  @Test(arguments: [(OpticalFlow.Preset.medium, Float(0.35)), (.fast, 0.8), (.ultrafast, 1)])
  func followsLayers(preset: OpticalFlow.Preset, bound: Float) {
    let scene = Self.twoLayers
    let flow = OpticalFlow(preset).flow(from: scene.first, to: scene.second)
    #expect(Self.endPointError(flow, scene) < bound)
  }

  @Test func threadsDoNotChangeTheResult() {
    let scene = Self.twoLayers
    let one = OpticalFlow(.medium, threads: 1).flow(from: scene.first, to: scene.second)
    #expect(OpticalFlow(.medium, threads: 2).flow(from: scene.first, to: scene.second) == one)
    #expect(OpticalFlow(.medium, threads: 5).flow(from: scene.first, to: scene.second) == one)
  }

  @Test func holesDoNotPullTheFlow() {
    let scene = Self.twoLayers
    var hole = Plane<UInt8>(width: 320, height: 200, repeating: 0)
    var (first, second) = (scene.first, scene.second)
    for y in 20..<70 {
      for x in 20..<90 {
        hole[x, y] = 255
        first[x, y] = UInt8((x * 7 + y * 13) & 255)
        second[x, y] = UInt8((x * 7 + y * 13) & 255)
      }
    }
    let engine = OpticalFlow()
    let flow = engine.flow(from: engine.pyramid(first, ignoring: hole), to: engine.pyramid(second, ignoring: hole))
    var worst: Float = 0
    for y in 10..<80 {
      for x in 10..<100 {
        let d = flow[x, y] - scene.flow[x, y]
        worst = max(worst, (d * d).sum().squareRoot())
      }
    }
    #expect(worst < 1)
  }

  @Test(arguments: [(1, 1), (2, 2), (8, 8), (1, 40), (33, 2), (17, 19), (64, 9)])
  func smallPicturesAreAnswered(width: Int, height: Int) {
    var plane = Plane<UInt8>(width: width, height: height, repeating: 90)
    for i in plane.samples.indices { plane.samples[i] = UInt8((i * 37) & 255) }
    let flat = Plane<UInt8>(width: width, height: height, repeating: 90)
    let hole = Plane<UInt8>(width: width, height: height, repeating: 255)
    for preset in [OpticalFlow.Preset.ultrafast, .fast, .medium] {
      let engine = OpticalFlow(preset)
      #expect(engine.flow(from: flat, to: flat).vectors.allSatisfy { $0 == .zero })
      let same = engine.flow(from: plane, to: plane)
      #expect(same.vectors.allSatisfy { abs($0.x) < 0.01 && abs($0.y) < 0.01 })
      let unseen = engine.flow(from: engine.pyramid(plane, ignoring: hole), to: engine.pyramid(flat))
      #expect(unseen.vectors.allSatisfy { $0.x.isFinite && $0.y.isFinite })
      _ = engine.flow(from: plane, to: flat)
    }
  }

  @Test func theInitialFlowReachesFurther() {
    let scene = FlowScene(width: 160, height: 120, layers: [.init(motion: .translation(45, -30), seed: 5, scale: 12)])
    let engine = OpticalFlow()
    let (a, b) = (engine.pyramid(scene.first), engine.pyramid(scene.second))
    let guess = FlowField(width: 160, height: 120, repeating: SIMD2(44, -29))
    #expect(Self.endPointError(engine.flow(from: a, to: b, initial: guess), scene) < 0.3)
  }
}
