/// Written by `Benchmarks/fitting/corrections.py`: what PyTorch says on the pattern of `CorrectionNetworkTests`.
enum CorrectionAnswers {
  static let logits: [Float] = [
    -1.500, -11.023, -6.489, -0.500, -8.516, -8.676, 0.500, -10.012, -6.309, 1.500, -10.333, -3.926,
    -1.000, -7.793, -5.896, 0.000, -6.462, -10.740, 1.000, -8.005, -7.829, -1.500, -5.219, -10.015,
  ]
}
