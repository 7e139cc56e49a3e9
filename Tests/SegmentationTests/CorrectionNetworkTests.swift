import Imaging
import Testing

@testable import Segmentation

/// The network of corrections against PyTorch, with the same weights on the same pattern.
struct CorrectionNetworkTests {
  @Test func saysWhatPyTorchDoes() throws {
    let features = CorrectionFeatures(pattern: ContextNetworkTests.count)
    let said = FittedModels.correction.logits(features, on: ContextNetworkTests.grid, threads: 2)
    #expect(said.count == CorrectionAnswers.logits.count)
    for (own, other) in zip(said, CorrectionAnswers.logits) { #expect(abs(own - other) < 0.002 + 0.001 * abs(other)) }
    #expect(zip(said, features.odds).contains { abs($0 - $1) > 0.1 }, "the network says nothing")
    for i in said.indices where !features.isWrong[i] { #expect(said[i] == features.odds[i]) }
  }
}

extension CorrectionFeatures {
  fileprivate init(pattern count: Int) {
    self.init(
      clicks: (0..<count).map { i in
        var values = SIMD32<Float>.zero
        for k in 0..<31 { values[k] = Float((i * 7 + k * 3) % 11) / 4 }
        values[31] = Float(i * 5 % 13 - 6) / 2
        return values
      },
      changes: (0..<count).map { i in
        var values = SIMD8<Float>.zero
        for k in 0..<8 { values[k] = Float((i * 7 + (k + 32) * 3) % 11) / 4 }
        (values[1], values[3]) = (i % 3 == 0 ? 1 : 0, 1)
        return values
      },
      odds: (0..<count).map { Float($0 * 3 % 7 - 3) / 2 }, isWrong: (0..<count).map { $0 % 3 != 0 })
  }
}
