import Imaging

/// How the camera moved between two pictures, as one map of the plane.
///
/// Hypotheses from few samples (M. Fischler, R. Bolles, "Random Sample Consensus", 1981; the draws are fixed), then
/// iteratively reweighted least squares for each kind of map, and the simplest kind that the flow bears out.
public struct CameraMotion: Sendable, Equatable {
  /// From the first picture's pixels to the second's.
  public let homography: Homography
  public let model: Homography.Model
  /// Share of the samples, 0…1, that follow the map; low where no plane dominates.
  public let inlierShare: Float
  /// Root mean square distance, in pixels, of those that follow.
  public let residual: Float

  /// - Parameters:
  ///   - mask: of the flow's size; samples above 0 do not count.
  /// - Returns: the identity, with no inliers, where nothing can be seen.
  public static func estimate(flow: FlowField, ignoring mask: Plane<UInt8>? = nil) -> CameraMotion {
    precondition(mask.map { $0.width == flow.width && $0.height == flow.height } ?? true, "mask of the wrong size")
    let samples = FlowSamples(flow, ignoring: mask)
    guard !samples.from.isEmpty else { return CameraMotion(.identity, .translation, 0, 0) }
    let start = samples.bestHypothesis()
    var fits: [(map: Homography, model: Homography.Model, cost: Double)] = []
    for model in Homography.Model.allCases {
      guard let map = samples.refined(start, as: model), samples.isPlausible(map) else { continue }
      fits.append((map, model, samples.cost(of: map)))
    }
    guard let least = fits.map(\.cost).min() else { return CameraMotion(.identity, .translation, 0, 0) }
    // The simplest map whose cost lies within a few per cent, or a small fraction of a pixel, of the best.
    let chosen = fits.first { $0.cost <= least * 1.08 + 0.0004 * samples.threshold2 }!
    let (share, residual) = samples.agreement(with: chosen.map)
    return CameraMotion(chosen.map, chosen.model, share, residual)
  }

  private init(_ homography: Homography, _ model: Homography.Model, _ inlierShare: Float, _ residual: Float) {
    (self.homography, self.model, self.inlierShare, self.residual) = (homography, model, inlierShare, residual)
  }

  /// The flow that the camera alone would cause.
  public func field(width: Int, height: Int) -> FlowField {
    var field = FlowField(width: width, height: height)
    for y in 0..<height {
      for x in 0..<width {
        let p = SIMD2(Double(x), Double(y))
        field[x, y] = SIMD2<Float>(homography.apply(p) - p)
      }
    }
    return field
  }
}
