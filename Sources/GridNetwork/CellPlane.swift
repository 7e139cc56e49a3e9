/// What a network knows of each cell of a grid: interleaved channels, row-major, within a border of one cell of zeros.
package struct CellPlane: Sendable {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `(width + 2) * (height + 2) * channels`.
  package var values: [Float]

  package init(width: Int, height: Int, channels: Int) {
    self.width = width
    self.height = height
    self.channels = channels
    values = [Float](repeating: 0, count: (width + 2) * (height + 2) * channels)
  }

  /// Where the channels of a cell begin.
  @inlinable package func offset(x: Int, y: Int) -> Int { ((y + 1) * (width + 2) + x + 1) * channels }

  /// Adds `weight` times all channels of a cell of `other` to as many channels here, by where both begin.
  @inlinable @inline(__always)
  package mutating func add(_ weight: Float, of other: CellPlane, from source: Int, to target: Int) {
    for channel in 0..<other.channels { values[target + channel] += weight * other.values[source + channel] }
  }

  /// Each cell the mean of up to four; those along the right and lower side have fewer where the size is odd.
  package func halved() -> CellPlane {
    var out = CellPlane(width: (width + 1) / 2, height: (height + 1) / 2, channels: channels)
    for y in 0..<out.height {
      let rows = 2 * y..<min(height, 2 * y + 2)
      for x in 0..<out.width {
        let columns = 2 * x..<min(width, 2 * x + 2)
        let share = 1 / Float(rows.count * columns.count)
        let target = out.offset(x: x, y: y)
        for v in rows {
          for u in columns { out.add(1, of: self, from: offset(x: u, y: v), to: target) }
        }
        for channel in 0..<channels { out.values[target + channel] *= share }
      }
    }
    return out
  }

  /// Adds a plane of half the size, each of its cells to the four that it covers.
  package mutating func addDoubled(_ coarse: CellPlane) {
    for y in 0..<height {
      for x in 0..<width { add(1, of: coarse, from: coarse.offset(x: x / 2, y: y / 2), to: offset(x: x, y: y)) }
    }
  }
}
