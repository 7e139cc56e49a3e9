import Imaging
import TestSupport
import Testing

@testable import GridNetwork

/// The layer kernel against the plain Swift reference, to the bit, at every CPU level that this machine has.
@Suite(.serialized)
struct NetworkLayerTests {
  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  private func plane(_ width: Int, _ height: Int, _ channels: Int) -> CellPlane {
    var plane = CellPlane(width: width, height: height, channels: channels)
    let values = noise(width * height * channels, seed: 3)
    for y in 0..<height {
      for x in 0..<width {
        let target = plane.offset(x: x, y: y)
        for channel in 0..<channels { plane.values[target + channel] = values[(y * width + x) * channels + channel] }
      }
    }
    return plane
  }

  /// Blocks of cells and a few more or less, one row, one column; inputs that are no multiple of anything.
  @Test(arguments: [(17, 9, 20, 24, 1), (8, 3, 5, 8, 1), (7, 1, 3, 16, 1), (1, 6, 8, 8, 1), (33, 2, 56, 32, 0)])
  func layers(width: Int, height: Int, inputs: Int, outputs: Int, reach: Int) {
    let taps = (2 * reach + 1) * (2 * reach + 1)
    let given = plane(width, height, inputs)
    for isRectified in [true, false] {
      let layer = NetworkLayer(
        inputs: inputs, outputs: outputs, reach: reach, isRectified: isRectified,
        weights: noise(taps * inputs * outputs, seed: 5), biases: noise(outputs, seed: 7))
      let expected = NetworkLayerReference.output(given, layer).values
      atEveryLevel {
        #expect(layer(given, threads: 1).values == expected)
        #expect(layer(given, threads: 2).values == expected)
      }
    }
  }

  /// Halving and doubling again keeps what is constant, at odd sizes too.
  @Test func scales() {
    var flat = CellPlane(width: 5, height: 3, channels: 2)
    for y in 0..<3 {
      for x in 0..<5 { flat.values[flat.offset(x: x, y: y)] = 4 }
    }
    let half = flat.halved()
    #expect((half.width, half.height) == (3, 2))
    var doubled = CellPlane(width: 5, height: 3, channels: 2)
    doubled.addDoubled(half)
    #expect(doubled.values == flat.values)
  }
}
