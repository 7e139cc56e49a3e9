extension BoxFeatures {
  private static let networkShare: Float = 0.8

  /// Log-odds of belonging for each superpixel.
  func odds(_ scene: Scene) -> [Float] {
    FittedModels.context.moved(regressionOdds, share: BoxFeatures.networkShare, values, for: .box, in: scene)
  }

  /// The same by each superpixel's own features alone.
  var regressionOdds: [Float] {
    values.indices.map { coverage[$0] == 0 ? -20 : FittedModels.box.logit(values[$0]) }
  }
}
