import NeuralGraph

/// Attention within a square window around each position, as attention to all positions with a bias.
enum LocalWindow {
  /// Positions that a window reaches to each side.
  static let reach = 7
  static let side = 2 * reach + 1

  /// What positions outside the window get.
  private static let outside: Float = -1e8

  /// A bias for each position and each place of its window [positions, side * side], row by row, as one for each pair
  /// of positions [positions, positions].
  static func spread(_ bias: Value, _ rows: Int, _ columns: Int) -> Value {
    let across = skewed(
      bias.reshape([rows, columns, side, side]).transpose([0, 2, 1, 3]).reshape([rows * side, columns, side]))
    let down = skewed(
      across.reshape([rows, side, columns, columns]).transpose([2, 3, 0, 1])
        .reshape([columns * columns, rows, side]))
    return down.reshape([columns, columns, rows, rows]).transpose([2, 0, 3, 1])
      .reshape([rows * columns, rows * columns])
  }

  /// [batch, count, offset] as [batch, count, count]: the offset becomes the place it points to. Rows padded to a length of
  /// `count + side` and read at one less come out each shifted by one more.
  private static func skewed(_ x: Value) -> Value {
    let (batch, count) = (x.shape[0], x.shape[1])
    let length = count + side - 1
    let padded = x.pad(before: [0, 0, 0], after: [0, 0, count], value: outside)
    return padded.reshape([batch, count * (length + 1)]).slice(1, 0, count * length)
      .reshape([batch, count, length]).slice(2, reach, reach + count)
  }

  /// The other way: of a weight for each pair of positions [positions, positions] those within each position's window
  /// [positions, side * side], 0 beyond the map.
  static func collect(_ weights: Value, _ rows: Int, _ columns: Int) -> Value {
    let down = straightened(
      weights.reshape([rows, columns, rows, columns]).transpose([1, 3, 0, 2])
        .reshape([columns * columns, rows, rows]))
    let across = straightened(
      down.reshape([columns, columns, rows, side]).transpose([2, 3, 0, 1]).reshape([rows * side, columns, columns]))
    return across.reshape([rows, side, columns, side]).transpose([0, 2, 1, 3]).reshape([rows * columns, side * side])
  }

  /// [batch, count, count] as [batch, count, offset].
  private static func straightened(_ x: Value) -> Value {
    let (batch, count) = (x.shape[0], x.shape[1])
    let length = count + side - 1
    let flat = x.pad(before: [0, 0, reach], after: [0, 0, reach]).reshape([batch, count * length])
    return flat.pad(before: [0, 0], after: [0, count]).reshape([batch, count, length + 1]).slice(2, 0, side)
  }
}
