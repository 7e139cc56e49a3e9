import GridNetwork
import Imaging

/// A small network that sees a frame's superpixels beside each other, and so tells what hangs together with a prompt better
/// than each superpixel's own features do. It moves the odds that the fitted regression gives.
struct ContextNetwork: Sendable {
  /// Each has its own way in and out; what lies between is the same for all.
  enum Prompt: Int, CaseIterable, Sendable {
    case clicks, box
  }

  private static let channels = [24, 32, 48, 64]
  /// 31 features, and the regression's odds.
  private static let features = 32
  private static let (featureOdds, keptOdds): (Float, Float) = (6, 20)

  /// In the order of `Prompt`.
  private let ends: [SuperpixelEnds]
  private let trunk: CellTrunk

  /// - Parameter reader: of the weights in the order in which `Benchmarks/fitting/context.py` writes them.
  init(_ reader: WeightReader) {
    var reader = reader
    ends = Prompt.allCases.map { _ in
      SuperpixelEnds(&reader, features: ContextNetwork.features, fine: ContextNetwork.channels[0])
    }
    trunk = CellTrunk(&reader, inputs: SuperpixelEnds.cellChannels, channels: ContextNetwork.channels)
    precondition(reader.isAtEnd, "a table of the wrong size")
  }

  /// Log-odds of belonging for each superpixel.
  /// - Parameter odds: what the fitted regression gives for the same features.
  func logits(
    _ features: [SIMD32<Float>], odds: [Float], for prompt: Prompt, on grid: CellGrid, threads: Int
  ) -> [Float] {
    let said = ends[prompt.rawValue].said(features.count, on: grid, by: trunk, threads: threads) { i, k in
      k < 31 ? features[i][k] : odds[i].within(ContextNetwork.featureOdds)
    }
    return zip(odds, said).map { $0.within(ContextNetwork.keptOdds) + $1 }
  }

  /// Odds of the fitted regression moved by a share of what the network says: halves of two that err differently err less.
  func moved(
    _ odds: [Float], share: Float, _ features: [SIMD32<Float>], for prompt: Prompt, in scene: Scene
  ) -> [Float] {
    let seen = logits(features, odds: odds, for: prompt, on: scene.cells, threads: scene.threads)
    return zip(odds, seen).map { $0 + share * ($1 - $0) }
  }
}

extension Float {
  /// The nearest to it of -limit…limit.
  func within(_ limit: Float) -> Float { min(limit, max(-limit, self)) }
}
