/// A small dense system of normal equations, accumulated row by row and solved by elimination with pivoting.
struct LinearSystem {
  let size: Int
  private var matrix: [SIMD8<Double>]
  private var right = SIMD8<Double>.zero

  /// - Parameter size: at most 8.
  init(size: Int) {
    self.size = size
    matrix = Array(repeating: .zero, count: size)
  }

  /// Adds the equation `row · x = value` in the sense of least squares. Places of `row` from `size` on are 0.
  mutating func add(_ row: SIMD8<Double>, equals value: Double, weight: Double) {
    let scaled = row * weight
    for i in matrix.indices { matrix[i] += row * scaled[i] }
    right += scaled * value
  }

  mutating func set(_ row: Int, _ column: Int, _ value: Double) { matrix[row][column] = value }
  mutating func set(_ row: Int, value: Double) { right[row] = value }

  /// Nil where the equations do not determine the unknowns.
  func solved() -> [Double]? {
    var a = matrix.flatMap { row in (0..<size).map { row[$0] } }
    var b = (0..<size).map { right[$0] }
    let scale = a.reduce(0) { max($0, abs($1)) }
    guard scale > 0, scale.isFinite else { return nil }
    for column in 0..<size {
      let pivot = (column..<size).max { abs(a[$0 * size + column]) < abs(a[$1 * size + column]) }!
      guard abs(a[pivot * size + column]) > 1e-13 * scale else { return nil }
      if pivot != column {
        for k in 0..<size { a.swapAt(pivot * size + k, column * size + k) }
        b.swapAt(pivot, column)
      }
      for row in column + 1..<size {
        let factor = a[row * size + column] / a[column * size + column]
        if factor == 0 { continue }
        for k in column..<size { a[row * size + k] -= factor * a[column * size + k] }
        b[row] -= factor * b[column]
      }
    }
    for row in stride(from: size - 1, through: 0, by: -1) {
      for k in row + 1..<max(size, row + 1) { b[row] -= a[row * size + k] * b[k] }
      b[row] /= a[row * size + row]
    }
    return b.allSatisfy(\.isFinite) ? b : nil
  }
}
