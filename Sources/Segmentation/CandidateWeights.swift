extension FittedModels {
  static let candidateWeights: [Float] = [
    0, 0, 0, 0, 0.5, 0, 0.5, 2, -1, -0.3, 0.3, 0.5, 0.5, -2, -0.5, 1, -0.5, 0, -0.2, 0, 2,
    0, 0, 0, 0.1, 0, 0, 0, 0, 0, 0, 0, 1, 1, -2.5,
  ]
}
