import CPixelKernels

/// What a preset of `OpticalFlow` stands for.
struct FlowSettings: Sendable {
  /// How a flow is refined at one scale.
  struct Refinement: Sendable {
    /// Times that the robust weights are renewed, and sweeps after each.
    let rounds: Int
    let sweeps: Int
    /// Over-relaxation, 1…2.
    let omega: Float
    var weights: cpk_flow_weights { cpk_flow_weights(alpha: 20, delta: 5, gamma: 10) }
  }

  /// The picture is halved this many times before the finest search.
  let finestScale: Int
  /// Samples between patches.
  let patchStride: Int
  /// Gauss-Newton steps, at most, for each start of a patch.
  let descent: Int
  /// After the search of each scale.
  let refinement: Refinement?
  /// Once more at full size, for pictures up to `mostPolished` pixels.
  let polish: Refinement?
  /// Squared step, in pixels, below which a patch is at rest.
  let settled: Float = 0.0004
  /// Beyond this size the last refinement would cost much memory, and the finest detail is mostly noise.
  static let mostPolished = 1_500_000

  init(_ preset: OpticalFlow.Preset, isPolished: Bool) {
    let full = Refinement(rounds: 5, sweeps: 5, omega: 1.6)
    switch preset {
    case .ultrafast: (finestScale, patchStride, descent, refinement, polish) = (2, 4, 12, nil, nil)
    case .fast: (finestScale, patchStride, descent, refinement, polish) = (2, 4, 16, full, nil)
    case .medium:
      (finestScale, patchStride, descent, refinement) = (1, 3, 12, full)
      polish = isPolished ? Refinement(rounds: 2, sweeps: 3, omega: 1.8) : nil
    }
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
