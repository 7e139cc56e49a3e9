/// The exact Euclidean distance transform (Meijster et al. 2000), squared.
enum SquaredDistance {
  /// For each place the squared distance to the nearest one outside the set; beyond the border is outside.
  static func toOutside(of set: [Bool], width: Int) -> [Int] {
    let height = set.count / width
    var down = [Int](repeating: 0, count: set.count)
    for x in 0..<width {
      var run = 0
      for y in 0..<height {
        run = set[y * width + x] ? run + 1 : 0
        down[y * width + x] = run
      }
      run = 0
      for y in (0..<height).reversed() {
        run = set[y * width + x] ? run + 1 : 0
        down[y * width + x] = min(down[y * width + x], run)
      }
    }
    var out = [Int](repeating: 0, count: set.count)
    for y in 0..<height {
      for x in 0..<width where set[y * width + x] {
        out[y * width + x] = nearest(in: down[y * width..<(y + 1) * width], to: x)
      }
    }
    return out
  }

  private static func nearest(in row: ArraySlice<Int>, to x: Int) -> Int {
    let base = row.startIndex
    var best = min(row[base + x] * row[base + x], (x + 1) * (x + 1), (row.count - x) * (row.count - x))
    var step = 1
    while step * step < best {
      for column in [x - step, x + step] where column >= 0 && column < row.count {
        best = min(best, step * step + row[base + column] * row[base + column])
      }
      step += 1
    }
    return best
  }
}
