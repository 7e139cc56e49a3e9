extension FittedModels {
  static let clickWeights: [Float] = [
    0, 0, 0, 0, 0, 0, 3, -3, -0.1, 0.1, -0.1, 0.1, -0.1, 0.1, 0.3, -0.1, 0.1, 0, 0, 0, 0, 0, 0, 0, -1, 1,
    0, 0, 0, 0, 0, 0, 5, 1, -6,
  ]
}
