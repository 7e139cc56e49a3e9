extension BoxFeatures {
  /// How much of what the network says moves the odds of the regression: the means of two that err differently err less.
  private static let networkShare: Float = 0.8

  /// Log-odds of belonging for each superpixel.
  func odds(_ scene: Scene) -> [Float] {
    let odds = regressionOdds
    let seen = FittedModels.context.logits(values, odds: odds, on: scene.cells, threads: scene.threads)
    return zip(odds, seen).map { $0 + BoxFeatures.networkShare * ($1 - $0) }
  }

  /// The same by each superpixel's own features alone.
  var regressionOdds: [Float] {
    values.indices.map { coverage[$0] == 0 ? -20 : FittedModels.box.logit(values[$0]) }
  }
}
