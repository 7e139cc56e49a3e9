import CPixelKernels
import Imaging
import TestSupport
import Testing

@testable import Segmentation

/// The kernels against the plain Swift reference, to the bit, at every CPU level that this machine has.
@Suite(.serialized)
struct GradientKernelTests {
  /// A whole vector and a few samples more or less; planes narrower than the taps reach.
  static let sizes = [(64, 9), (63, 8), (33, 5), (17, 17), (5, 4), (1, 7), (2, 1), (1, 1)]

  private func noise(_ width: Int, _ height: Int, seed: UInt64) -> Plane<Float> {
    var random = SplitMix64(seed: seed)
    let samples = (0..<width * height).map { _ in Float.random(in: -90...90, using: &random) }
    return Plane(width: width, height: height, samples: samples)
  }

  /// A plane that a kernel writes, in two bands of rows.
  private func written(like plane: Plane<Float>, _ kernel: (UnsafeMutablePointer<Float>, Int32, Int32) -> Void)
    -> Plane<Float>
  {
    var out = plane.map { _ in Float.nan }
    let middle = Int32(plane.height / 2)
    out.samples.withUnsafeMutableBufferPointer {
      kernel($0.baseAddress!, 0, middle)
      kernel($0.baseAddress!, middle, Int32(plane.height))
    }
    return out
  }

  @Test(arguments: sizes)
  func convolutions(width: Int, height: Int) {
    let plane = noise(width, height, seed: 3)
    for taps in [[0.25, 0.5, 0.25], [0.1, 0.2, 0.05, 0.3, 0.05, 0.2, 0.1]] as [[Float]] {
      let radius = Int32(taps.count / 2)
      let rows = GradientReference.convolvedRows(plane, taps: taps)
      let columns = GradientReference.convolvedColumns(plane, taps: taps)
      atEveryLevel {
        let kernels = cpk_segment_kernels().pointee
        #expect(
          written(like: plane) { kernels.convolve_rows(plane.samples, $0, Int32(width), $1, $2, taps, radius) } == rows)
        #expect(
          written(like: plane) {
            kernels.convolve_columns(plane.samples, $0, Int32(width), Int32(height), $1, $2, taps, radius)
          } == columns)
      }
    }
  }

  @Test(arguments: sizes)
  func colorGradients(width: Int, height: Int) {
    let planes = (1...3).map { noise(width, height, seed: $0) }
    let reference = GradientReference.colorGradient(planes)
    atEveryLevel {
      let gradient = written(like: planes[0]) {
        cpk_segment_kernels().pointee.color_gradient(
          planes[0].samples, planes[1].samples, planes[2].samples, $0, Int32(width), Int32(height), $1, $2)
      }
      #expect(gradient == reference)
    }
  }

  @Test func answersDoNotDependOnTheLevel() throws {
    let image = Pictures.disc(width: 120, height: 80)
    var answers: [[Plane<UInt8>]] = []
    atEveryLevel {
      let candidates = try? BuiltinSegmenter().prepare(image).candidates(for: Prompts(inside: [.init(x: 60, y: 40)]))
      answers.append(candidates?.map(\.mask) ?? [])
    }
    #expect(answers[0].count > 0 && answers.allSatisfy { $0 == answers[0] })
  }
}
