import GridNetwork

/// Networks fitted on made-up clips of things that people outlined in COCO (Lin et al. 2014), ECSSD (Yan et al. 2013),
/// Penn-Fudan's and Weizmann's pictures (Wang et al. 2007; Borenstein and Ullman 2002). None of the clips that the tracker is
/// measured on took part.
enum FittedModels {
  /// `EvidencePlane` -> what is to be added to the score of each cell.
  static let fusion = FusionNetwork(WeightReader(base64: fusionWeights))
}
