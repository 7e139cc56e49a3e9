import Imaging

/// A small network that sees a frame's superpixels beside each other, and so tells what hangs together with a prompt better
/// than each superpixel's own features do.
///
/// Features of each superpixel are spread over a coarse grid together with the picture; a convolution network with skips
/// over four scales (Ronneberger et al. 2015) looks at it; what it says of the cells of a superpixel and the superpixel's
/// features together move the odds that the fitted regression gives.
struct ContextNetwork: Sendable {
  /// Each has its own way in and out; what lies between is the same for all.
  enum Prompt: Int, CaseIterable, Sendable {
    case clicks, box
  }

  private struct Ends: Sendable {
    /// Of each feature, so that a feature less its mean times `scales` has about the variance 1.
    let means: [Float]
    let scales: [Float]
    let entry: [NetworkLayer]
    let exit: [NetworkLayer]

    init(_ reader: inout WeightReader) {
      let (features, fine) = (ContextNetwork.features, ContextNetwork.channels[0])
      means = reader.vector(features)
      scales = reader.vector(features)
      entry = [
        reader.layer(features, ContextNetwork.entryHidden),
        reader.layer(ContextNetwork.entryHidden, ContextNetwork.entryChannels),
      ]
      exit = [
        reader.layer(fine + features, ContextNetwork.exitHidden),
        reader.layer(ContextNetwork.exitHidden, 1, isRectified: false),
      ]
    }
  }

  /// Channels at each scale, the finest first.
  private static let channels = [24, 32, 48, 64]
  /// 31 features, and the regression's odds.
  private static let features = 32
  private static let (entryHidden, entryChannels, exitHidden) = (24, 16, 32)
  /// Normalised features beyond this say no more.
  private static let limit: Float = 5
  private static let (featureOdds, keptOdds): (Float, Float) = (6, 20)

  /// In the order of `Prompt`.
  private let ends: [Ends]
  private let descent: [[NetworkLayer]]
  private let sideways: [NetworkLayer]
  private let ascent: [NetworkLayer]

  /// - Parameter reader: of the weights in the order in which `Benchmarks/fitting/context.py` writes them.
  init(_ reader: WeightReader) {
    var reader = reader
    ends = Prompt.allCases.map { _ in Ends(&reader) }
    let inputs = [ContextNetwork.entryChannels + CellGrid.pictureChannels] + ContextNetwork.channels
    descent = (0..<4).map {
      [
        reader.layer(inputs[$0], inputs[$0 + 1], reach: 1),
        reader.layer(inputs[$0 + 1], inputs[$0 + 1], reach: 1),
      ]
    }
    sideways = (0..<3).map { reader.layer(inputs[$0 + 2], inputs[$0 + 1], isRectified: false) }
    ascent = (0..<3).map { reader.layer(inputs[$0 + 1], inputs[$0 + 1], reach: 1) }
    precondition(reader.isAtEnd, "a table of the wrong size")
  }

  /// Log-odds of belonging for each superpixel.
  /// - Parameter odds: what the fitted regression gives for the same features.
  func logits(
    _ features: [SIMD32<Float>], odds: [Float], for prompt: Prompt, on grid: CellGrid, threads: Int
  ) -> [Float] {
    let ends = ends[prompt.rawValue]
    let fine = ContextNetwork.channels[0]
    var given = CellPlane(width: features.count, height: 1, channels: ContextNetwork.features)
    var joined = CellPlane(width: features.count, height: 1, channels: fine + ContextNetwork.features)
    for i in features.indices {
      let (first, second) = (given.offset(x: i, y: 0), joined.offset(x: i, y: 0) + fine)
      var known = features[i]
      known[31] = min(ContextNetwork.featureOdds, max(-ContextNetwork.featureOdds, odds[i]))
      for k in 0..<ContextNetwork.features {
        let value = (known[k] - ends.means[k]) * ends.scales[k]
        given.values[first + k] = min(ContextNetwork.limit, max(-ContextNetwork.limit, value))
        joined.values[second + k] = given.values[first + k]
      }
    }
    let entered = ends.entry.reduce(given) { $1($0, threads: threads) }
    grid.gather(seen(grid.spread(entered), threads: threads), into: &joined)
    let said = ends.exit.reduce(joined) { $1($0, threads: threads) }
    return odds.indices.map {
      min(ContextNetwork.keptOdds, max(-ContextNetwork.keptOdds, odds[$0])) + said.values[said.offset(x: $0, y: 0)]
    }
  }

  /// Odds of the fitted regression moved by a share of what the network says: halves of two that err differently err less.
  func moved(
    _ odds: [Float], share: Float, _ features: [SIMD32<Float>], for prompt: Prompt, in scene: Scene
  ) -> [Float] {
    let seen = logits(features, odds: odds, for: prompt, on: scene.cells, threads: scene.threads)
    return zip(odds, seen).map { $0 + share * ($1 - $0) }
  }

  private func seen(_ cells: CellPlane, threads: Int) -> CellPlane {
    var levels: [CellPlane] = []
    for (level, layers) in descent.enumerated() {
      levels.append(layers.reduce(level == 0 ? cells : levels[level - 1].halved()) { $1($0, threads: threads) })
    }
    for level in (0..<3).reversed() {
      levels[level].addDoubled(sideways[level](levels[level + 1], threads: threads))
      levels[level] = ascent[level](levels[level], threads: threads)
    }
    return levels[0]
  }
}
