import CPixelKernels
import Imaging
import Motion
import TestSupport
import Testing

/// The whole flow, with and without holes, at every CPU level that this machine has.
@Suite(.serialized)
struct FlowLevelTests {
  @Test(arguments: [OpticalFlow.Preset.ultrafast, .fast, .medium])
  func everyCPULevelGivesTheSameBits(preset: OpticalFlow.Preset) {
    let scene = FlowScene(
      width: 151, height: 97, layers: [.init(motion: .init([1.02, 0.01, 3, -0.01, 0.99, -2, 0, 0, 1]), seed: 4)])
    var hole = Plane<UInt8>(width: 151, height: 97, repeating: 0)
    for y in 30..<60 { for x in 50..<90 { hole[x, y] = 255 } }
    let engine = OpticalFlow(preset)
    func both() -> [FlowField] {
      [
        engine.flow(from: scene.first, to: scene.second),
        engine.flow(
          from: engine.pyramid(scene.first, ignoring: hole), to: engine.pyramid(scene.second, ignoring: hole)),
      ]
    }
    defer { cpk_force_level(cpk_detect()) }
    cpk_force_level(CPK_BASELINE)
    let baseline = both()
    for level in [CPK_AVX2, CPK_AVX512] where level.rawValue <= cpk_detect().rawValue {
      cpk_force_level(level)
      #expect(both() == baseline)
    }
  }
}
