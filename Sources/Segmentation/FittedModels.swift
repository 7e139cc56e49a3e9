import GridNetwork

/// Regressions and networks fitted on what people outlined: parts of things in BSDS500 (Arbelaez et al. 2011), and for boxes
/// and the networks whole things in 128 pictures of COCO (Lin et al. 2014), Penn-Fudan's pedestrians (Wang et al. 2007) and
/// Weizmann's horses (Borenstein and Ullman 2002); the network for first prompts on rendered pictures too, that for corrections
/// on 1,000 more pictures of COCO and on ECSSD (Yan et al. 2013). None of the clips that the engine is measured on took part.
/// `Benchmarks/fitting/fit-all` fits the same tables on rendered pictures alone; so far those serve first clicks and
/// boxes worse.
enum FittedModels {
  /// `PairFeatures` -> whether people draw an edge between two regions.
  static let pair = Perceptron<SIMD16<Float>>(pairWeights)
  /// `CandidateFeatures` -> overlap with the object that was clicked.
  static let candidate = Perceptron<SIMD32<Float>>(candidateWeights)
  /// `ClickFeatures` of a single click -> whether a superpixel belongs to the object.
  static let firstClick = Perceptron<SIMD32<Float>>(firstClickWeights)
  /// `ClickFeatures` of several -> whether a superpixel belongs to the object.
  static let click = Perceptron<SIMD32<Float>>(clickWeights)
  /// `BoxFeatures` -> whether a superpixel belongs to the object.
  static let box = Perceptron<SIMD32<Float>>(boxWeights)
  /// `ClickFeatures` or `BoxFeatures` and odds of all superpixels together -> better odds.
  static let context = ContextNetwork(WeightReader(base64: contextWeights))
  /// `CorrectionFeatures` of all superpixels together -> odds of what a click changes.
  static let correction = CorrectionNetwork(WeightReader(base64: correctionWeights))
}
