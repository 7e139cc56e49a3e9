@testable import Segmentation

/// Written by `Benchmarks/fitting/context.py`: what PyTorch says on the pattern of `ContextNetworkTests`.
enum ContextAnswers {
  static let logits: [ContextNetwork.Prompt: [Float]] = [
    .clicks: [
      -1.717, 2.530, -8.763, 0.007, -0.601, 8.790, 1.030, -8.324, 4.409, 6.167, -6.691, -0.223,
      4.185, -13.872, 2.153, 2.288, 3.804, 2.901, -6.408, 5.865, 7.550, -11.067, 1.893, 6.273,
    ],
    .box: [
      14.633, 0.730, 6.120, 11.507, 3.469, 7.949, 4.673, 3.234, 1.169, 1.793, 7.347, 14.063,
      2.034, 2.234, 10.576, 4.714, 6.202, 5.834, 4.369, 2.443, 3.037, 3.533, 11.820, 3.378,
    ],
  ]
}
