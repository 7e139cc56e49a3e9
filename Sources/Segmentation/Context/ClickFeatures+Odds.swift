extension ClickFeatures {
  private static let networkShare: (first: Float, later: Float) = (0.5, 1)

  private var isOfOneClick: Bool { inside.count + outside.count == 1 }

  /// Log-odds of belonging for each superpixel.
  func odds(_ scene: Scene) -> [Float] {
    let share = isOfOneClick ? ClickFeatures.networkShare.first : ClickFeatures.networkShare.later
    return FittedModels.context.moved(regressionOdds, share: share, values, for: .clicks, in: scene)
  }

  /// The same by each superpixel's own features alone.
  var regressionOdds: [Float] {
    let model = isOfOneClick ? FittedModels.firstClick : FittedModels.click
    return values.map { model.logit($0) }
  }
}
