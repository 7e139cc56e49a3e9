import Imaging
import Testing

@testable import Segmentation

/// The network against PyTorch, with the same weights on the same pattern.
struct ContextNetworkTests {
  static let count = 24

  static var grid: CellGrid {
    let (width, height) = (192, 128)
    var rgb: [UInt8] = []
    var labels: [Int32] = []
    for y in 0..<height {
      for x in 0..<width {
        rgb += [UInt8((x * 7 + y * 3) % 256), UInt8(x * y % 256), UInt8((x * x + y) % 256)]
        labels.append(Int32(y / 32 * 6 + min(5, (x + y * 5 % 7) / 33)))
      }
    }
    let image = RGBImage(width: width, height: height, rgb: rgb)
    let superpixels = Superpixels(width: width, height: height, count: Self.count, labels: labels)
    return CellGrid(
      image, RegionGraph(superpixels: superpixels, gradients: GradientScales(LabImage(image), threads: 1)))
  }

  private var features: [SIMD32<Float>] {
    (0..<Self.count).map { i in
      var values = SIMD32<Float>.zero
      for k in 0..<31 { values[k] = Float((i * 7 + k * 3) % 11) / 4 }
      return values
    }
  }

  @Test(arguments: ContextNetwork.Prompt.allCases)
  func saysWhatPyTorchDoes(_ prompt: ContextNetwork.Prompt) throws {
    let odds = (0..<Self.count).map { Float($0 * 5 % 13 - 6) / 2 }
    let said = FittedModels.context.logits(features, odds: odds, for: prompt, on: Self.grid, threads: 2)
    let expected = try #require(ContextAnswers.logits[prompt])
    #expect(said.count == expected.count)
    for (own, other) in zip(said, expected) { #expect(abs(own - other) < 0.002 + 0.001 * abs(other)) }
    #expect(zip(said, odds).contains { abs($0 - $1) > 0.1 }, "the network says nothing")
  }
}
