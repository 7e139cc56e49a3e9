extension FittedModels {
  static let pairWeights: [Float] = [
    0.2, 0.5, 0.5, -0.3, 0.15, 0.25, 0.3, 0.2, 0.3, 0.3, 0.3, 0.3, 0, 0, 0, 0, 0, 1, -2.2,
  ]
}
