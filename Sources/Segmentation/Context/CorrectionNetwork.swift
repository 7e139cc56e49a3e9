import Foundation
import GridNetwork
import Imaging

/// A small network that sees what a click changes in an answer: which of what was decided before stays.
///
/// It is given the answer so far beside what all clicks say, as networks for clicks are given the mask before (Sofiiuk et al.
/// 2022), and moves the odds of a rule that knows regions alone.
struct CorrectionNetwork: Sendable {
  private static let channels = [16, 24, 32, 48]
  private static let clickFeatures = 32
  private static let features = clickFeatures + 8
  private static let (featureOdds, keptOdds): (Float, Float) = (6, 8)

  private let ends: SuperpixelEnds
  private let trunk: CellTrunk

  /// - Parameter reader: of the weights in the order in which `Benchmarks/fitting/corrections.py` writes them.
  init(_ reader: WeightReader) {
    var reader = reader
    ends = SuperpixelEnds(&reader, features: CorrectionNetwork.features, fine: CorrectionNetwork.channels[0])
    trunk = CellTrunk(&reader, inputs: SuperpixelEnds.cellChannels, channels: CorrectionNetwork.channels)
    precondition(reader.isAtEnd, "a table of the wrong size")
  }

  /// Log-odds of belonging for each superpixel.
  func logits(_ features: CorrectionFeatures, on grid: CellGrid, threads: Int) -> [Float] {
    let said = ends.said(features.odds.count, on: grid, by: trunk, threads: threads) { i, k in
      switch k {
      case 31: features.clicks[i][31].within(CorrectionNetwork.featureOdds)
      case ..<31: features.clicks[i][k]
      default: features.changes[i][k - CorrectionNetwork.clickFeatures]
      }
    }
    return said.indices.map {
      features.odds[$0].within(CorrectionNetwork.keptOdds) + (features.isWrong[$0] ? said[$0] : 0)
    }
  }
}
