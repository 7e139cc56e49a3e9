import GridNetwork

/// A small network that sees an object's evidence beside the picture, and tells how far it is to be believed where.
struct FusionNetwork: Sendable {
  private static let channels = [16, 24, 32, 48]
  private static let hidden = 16

  private let trunk: CellTrunk
  private let exit: [NetworkLayer]

  init(_ reader: WeightReader) {
    var reader = reader
    trunk = CellTrunk(&reader, inputs: EvidencePlane.channels, channels: FusionNetwork.channels)
    exit = [
      reader.layer(FusionNetwork.channels[0] + EvidencePlane.channels, FusionNetwork.hidden),
      reader.layer(FusionNetwork.hidden, 1, isRectified: false),
    ]
    precondition(reader.isAtEnd, "a table of the wrong size")
  }

  /// What is to be added to the score of each cell of `told`.
  func odds(_ told: CellPlane, threads: Int) -> [Float] {
    let seen = trunk.seen(told, threads: threads)
    var joined = CellPlane(width: told.width, height: told.height, channels: seen.channels + told.channels)
    for y in 0..<told.height {
      for x in 0..<told.width {
        let target = joined.offset(x: x, y: y)
        joined.add(1, of: seen, from: seen.offset(x: x, y: y), to: target)
        joined.add(1, of: told, from: told.offset(x: x, y: y), to: target + seen.channels)
      }
    }
    let said = exit.reduce(joined) { $1($0, threads: threads) }
    var odds: [Float] = []
    odds.reserveCapacity(told.width * told.height)
    for y in 0..<told.height {
      for x in 0..<told.width { odds.append(said.values[said.offset(x: x, y: y)]) }
    }
    return odds
  }
}
