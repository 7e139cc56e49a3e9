/// The middle of a network that looks at a grid of cells: convolutions with skips over four scales (Ronneberger et al. 2015).
package struct CellTrunk: Sendable {
  private let descent: [[NetworkLayer]]
  private let sideways: [NetworkLayer]
  private let ascent: [NetworkLayer]

  /// - Parameters:
  ///   - inputs: channels of the cells.
  ///   - channels: at each of four scales, the finest first.
  package init(_ reader: inout WeightReader, inputs: Int, channels: [Int]) {
    let inputs = [inputs] + channels
    descent = (0..<4).map {
      [
        reader.layer(inputs[$0], inputs[$0 + 1], reach: 1),
        reader.layer(inputs[$0 + 1], inputs[$0 + 1], reach: 1),
      ]
    }
    sideways = (0..<3).map { reader.layer(inputs[$0 + 2], inputs[$0 + 1], isRectified: false) }
    ascent = (0..<3).map { reader.layer(inputs[$0 + 1], inputs[$0 + 1], reach: 1) }
  }

  /// The finest scale's channels for each cell.
  package func seen(_ cells: CellPlane, threads: Int) -> CellPlane {
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
