import Imaging
import TestSupport
import Testing

@testable import Segmentation

struct PerceptronTests {
  /// Units that do not fill up a group of eight, and inputs of both widths, against the definition.
  @Test(arguments: [1, 7, 8, 20, 24])
  func sumsAsItIsDefined(units: Int) {
    var random = SplitMix64(seed: UInt64(units))
    let weights = (0..<units * 18 + 1).map { _ in Float.random(in: -1...1, using: &random) }
    let perceptron = Perceptron<SIMD16<Float>>(weights)
    for _ in 0..<50 {
      var input = SIMD16<Float>.zero
      for i in 0..<16 { input[i] = Float.random(in: -3...3, using: &random) }
      var expected = weights[units * 18]
      for unit in 0..<units {
        var activation: Float = 0
        for i in 0..<16 { activation += weights[unit * 18 + i] * input[i] }
        activation += weights[unit * 18 + 16]
        if activation > 0 { expected += weights[unit * 18 + 17] * activation }
      }
      #expect(perceptron.logit(input) == expected)
    }
  }
}
