import CPixelKernels
import Imaging
@_spi(Reference) import Motion
import TestSupport
import Testing

/// Each stage of the flow against the plain Swift one, to the bit, at every CPU level that this machine has.
@Suite(.serialized)
struct FlowKernelTests {
  /// Odd and even sizes, a whole vector and a few samples more or less.
  static let sizes = [(64, 40), (63, 41), (97, 33), (33, 32), (16, 9)]

  static func pair(_ width: Int, _ height: Int) -> (first: Plane<Float>, second: Plane<Float>) {
    let scene = FlowScene(
      width: width, height: height, layers: [.init(motion: .translation(2.3, -1.6), seed: 8, scale: 20)])
    return (scene.first.map { Float($0) }, scene.second.map { Float($0) })
  }

  static func waves(_ width: Int, _ height: Int) -> FlowField {
    var field = FlowField(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        field[x, y] = SIMD2(Float((x * 7 + y * 3) % 23) * 0.21 - 2, Float((x * 5 + y * 11) % 19) * 0.17 - 1)
      }
    }
    return field
  }

  @Test(arguments: sizes)
  func pyramid(width: Int, height: Int) {
    let image = Self.pair(width, height).first
    let bytes = image.map { UInt8($0) }
    atEveryLevel {
      #expect(FlowStages.halved(bytes) == FlowReference.halved(bytes))
      #expect(FlowStages.gradients(image).x == FlowReference.gradients(image).x)
      #expect(FlowStages.gradients(image).y == FlowReference.gradients(image).y)
    }
  }

  @Test(arguments: sizes)
  func enlarging(width: Int, height: Int) {
    let flow = Self.waves(width, height)
    atEveryLevel {
      for (w, h) in [(width * 2, height * 2), (width * 2 - 1, height * 2 - 1)] {
        #expect(FlowStages.enlarged(flow, width: w, height: h) == FlowReference.enlarged(flow, width: w, height: h))
      }
    }
  }

  @Test(arguments: sizes)
  func searchAndDensify(width: Int, height: Int) {
    let (first, second) = Self.pair(width, height)
    let patches = FlowReference.searched(from: first, to: second, stride: 3, iterations: 12, settled: 0.0004)
    let dense = FlowReference.densified(from: first, to: second, patches: patches, stride: 3)
    atEveryLevel {
      #expect(FlowStages.searched(from: first, to: second, stride: 3, iterations: 12, settled: 0.0004) == patches)
      #expect(FlowStages.densified(from: first, to: second, patches: patches, stride: 3) == dense)
    }
  }

  @Test(arguments: sizes)
  func refinement(width: Int, height: Int) {
    let (first, second) = Self.pair(width, height)
    let flow = Self.waves(width, height)
    let refined = FlowReference.refined(flow, from: first, to: second, rounds: 2, sweeps: 3, omega: 1.6)
    atEveryLevel {
      #expect(FlowStages.refined(flow, from: first, to: second, rounds: 2, sweeps: 3, omega: 1.6) == refined)
    }
  }
}
