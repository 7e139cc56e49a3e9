import CPixelKernels

/// What a preset of `OpticalFlow` stands for.
struct FlowSettings: Sendable {
  /// The picture is halved this many times before the finest search.
  let finestScale: Int
  /// Samples between patches.
  let patchStride: Int
  /// Gauss-Newton steps, at most, for each start of a patch.
  let descent: Int
  /// Rounds of reweighting in the variational refinement, and sweeps in each.
  let refinements: Int
  let sweeps: Int
  let weights: cpk_flow_weights
  let omega: Float = 1.6
  /// Squared step, in pixels, below which a patch is at rest.
  let settled: Float = 0.0004

  init(_ preset: OpticalFlow.Preset) {
    switch preset {
    case .ultrafast: (finestScale, patchStride, descent, refinements) = (2, 4, 12, 0)
    case .fast: (finestScale, patchStride, descent, refinements) = (2, 4, 16, 5)
    case .medium: (finestScale, patchStride, descent, refinements) = (1, 3, 12, 5)
    }
    sweeps = 5
    weights = cpk_flow_weights(alpha: 20, delta: 5, gamma: 10)
  }

  /// How many levels a picture has: the coarsest is about 32 pixels long, and never narrower than a patch.
  func levels(width: Int, height: Int) -> Int {
    let patch = Int(CPK_FLOW_PATCH)
    var coarsest = 0
    while max(width, height) * 2 > 3 * (4 * patch) << coarsest, min(width, height) >> (coarsest + 1) >= patch {
      coarsest += 1
    }
    return max(1, coarsest - finestScale + 1)
  }
}
