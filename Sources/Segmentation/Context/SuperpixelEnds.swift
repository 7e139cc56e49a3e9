import GridNetwork

/// The way into a network that looks at a grid of cells, and the way out again: features of each superpixel are spread over the
/// grid, and what the network says of a superpixel's cells and its features together become one number.
struct SuperpixelEnds: Sendable {
  private static let (entryHidden, entryChannels, exitHidden) = (24, 16, 32)
  /// Normalised features beyond this say no more.
  private static let limit: Float = 5
  /// Channels of the cells that the trunk is given.
  static let cellChannels = entryChannels + CellGrid.pictureChannels

  let features: Int
  /// Of each feature, so that a feature less its mean times `scales` has about the variance 1.
  private let means: [Float]
  private let scales: [Float]
  private let entry: [NetworkLayer]
  private let exit: [NetworkLayer]
  private let fine: Int

  /// - Parameter fine: channels of what the trunk says.
  init(_ reader: inout WeightReader, features: Int, fine: Int) {
    self.features = features
    self.fine = fine
    means = reader.vector(features)
    scales = reader.vector(features)
    entry = [
      reader.layer(features, SuperpixelEnds.entryHidden),
      reader.layer(SuperpixelEnds.entryHidden, SuperpixelEnds.entryChannels),
    ]
    exit = [
      reader.layer(fine + features, SuperpixelEnds.exitHidden),
      reader.layer(SuperpixelEnds.exitHidden, 1, isRectified: false),
    ]
  }

  /// - Parameter feature: of a superpixel and a place, as it is measured.
  func said(
    _ count: Int, on grid: CellGrid, by trunk: CellTrunk, threads: Int, feature: (Int, Int) -> Float
  ) -> [Float] {
    var given = CellPlane(width: count, height: 1, channels: features)
    var joined = CellPlane(width: count, height: 1, channels: fine + features)
    for i in 0..<count {
      let (first, second) = (given.offset(x: i, y: 0), joined.offset(x: i, y: 0) + fine)
      for k in 0..<features {
        given.values[first + k] = ((feature(i, k) - means[k]) * scales[k]).within(SuperpixelEnds.limit)
        joined.values[second + k] = given.values[first + k]
      }
    }
    let entered = entry.reduce(given) { $1($0, threads: threads) }
    grid.gather(trunk.seen(grid.spread(entered), threads: threads), into: &joined)
    let said = exit.reduce(joined) { $1($0, threads: threads) }
    return (0..<count).map { said.values[said.offset(x: $0, y: 0)] }
  }
}
