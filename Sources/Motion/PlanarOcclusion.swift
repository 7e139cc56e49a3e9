import Imaging

/// Which parts of a target something else covers in a frame.
///
/// Only blocks of the template that do not match, and those next to them, may hold covered parts; there a part is covered
/// where the frame differs from the template by much more than it does elsewhere.
struct PlanarOcclusion {
  /// Not 0 where covered, over the grid of the template's finest level.
  private let covered: Plane<UInt8>
  /// From target coordinates to the grid.
  private let toGrid: Homography

  /// The least squared difference, in levels, of something else than the target.
  private static let leastDifference: Float = 100

  /// - Parameters:
  ///   - residuals: for each sample of the level what the frame shows beyond the template; NaN outside the frame.
  ///   - suspects: for each block whether it does not match.
  init?(_ level: PlanarTemplate.Level, residuals: [Float], suspects: [Bool]) {
    guard suspects.contains(true) else { return nil }
    let squares = residuals.map { $0 * $0 }
    let usual = squares.indices.filter { !suspects[Int(level.blocks[$0])] && !squares[$0].isNaN }.map { squares[$0] }
      .sorted()
    let limit = max(Self.leastDifference, usual.isEmpty ? 0 : 6 * usual[usual.count / 2])
    var sums = Plane<Float>(width: level.grid.x, height: level.grid.y, repeating: 0)
    var counts = sums
    for (i, cell) in level.cells.enumerated() where !squares[i].isNaN {
      sums.samples[Int(cell)] = min(squares[i], 4 * limit) / limit
      counts.samples[Int(cell)] = 1
    }
    let (total, count) = (sums.windowSums(radius: 2), counts.windowSums(radius: 2))
    let near = level.nextTo(suspects)
    var covered = Plane<UInt8>(width: level.grid.x, height: level.grid.y, repeating: 0)
    for (i, cell) in level.cells.enumerated() where near[Int(level.blocks[i])] {
      if total.samples[Int(cell)] > count.samples[Int(cell)] { covered.samples[Int(cell)] = 1 }
    }
    self.covered = covered
    toGrid = level.toGrid
  }

  /// Takes what is covered out of a mask in the frame.
  /// - Parameter map: from target coordinates to the frame's pixels.
  func takeOut(of mask: inout Plane<UInt8>, map: Homography) {
    guard let back = map.inverse, let box = mask.boundingBox else { return }
    let toGrid = toGrid * back
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX where mask[x, y] != 0 {
        let place = toGrid.apply(SIMD2(Double(x), Double(y)))
        guard place.x > -1, place.y > -1, place.x < Double(covered.width), place.y < Double(covered.height) else {
          continue
        }
        let (gx, gy) = (Int(place.x.rounded()), Int(place.y.rounded()))
        if gx >= 0, gy >= 0, gx < covered.width, gy < covered.height, covered[gx, gy] != 0 { mask[x, y] = 0 }
      }
    }
  }
}

extension PlanarTemplate.Level {
  /// The blocks marked, and the eight around each.
  fileprivate func nextTo(_ marked: [Bool]) -> [Bool] {
    marked.indices.map { block in
      let (row, column) = (block / columns, block % columns)
      return (-1...1).contains { dy in
        (-1...1).contains { dx in
          let (r, c) = (row + dy, column + dx)
          return c >= 0 && c < columns && r >= 0 && r * columns + c < marked.count && marked[r * columns + c]
        }
      }
    }
  }
}

extension Plane where Sample == Float {
  /// Sums over windows of `radius` either way, cut at the borders.
  fileprivate func windowSums(radius: Int) -> Plane {
    var across = self
    for y in 0..<height {
      for x in 0..<width {
        across[x, y] = (max(0, x - radius)...min(width - 1, x + radius)).reduce(0) { $0 + self[$1, y] }
      }
    }
    var out = across
    for y in 0..<height {
      for x in 0..<width {
        out[x, y] = (max(0, y - radius)...min(height - 1, y + radius)).reduce(0) { $0 + across[x, $1] }
      }
    }
    return out
  }
}
