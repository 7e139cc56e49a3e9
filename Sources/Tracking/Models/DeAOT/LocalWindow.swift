import NeuralGraph

/// Attention within a square window around each position, as attention to all positions with a bias.
enum LocalWindow {
  /// What positions outside the window get.
  private static let outside: Float = -1e8

  /// A bias for each position and each place of its window [positions, (2 * reach + 1)^2], row by row, as one for each pair
  /// of positions [positions, positions].
  static func spread(_ bias: Value, _ rows: Int, _ columns: Int, reach: Int) -> Value {
    let side = 2 * reach + 1
    let across = skewed(
      bias.reshape([rows, columns, side, side]).transpose([0, 2, 1, 3]).reshape([rows * side, columns, side]), reach)
    let down = skewed(
      across.reshape([rows, side, columns, columns]).transpose([2, 3, 0, 1])
        .reshape([columns * columns, rows, side]), reach)
    return down.reshape([columns, columns, rows, rows]).transpose([2, 0, 3, 1])
      .reshape([rows * columns, rows * columns])
  }

  /// [batch, count, offset] as [batch, count, count]: the offset becomes the place it points to. Rows padded to a length of
  /// `count + side` and read at one less come out each shifted by one more.
  private static func skewed(_ x: Value, _ reach: Int) -> Value {
    let (batch, count, side) = (x.shape[0], x.shape[1], x.shape[2])
    let length = count + side - 1
    let padded = x.pad(before: [0, 0, 0], after: [0, 0, count], value: outside)
    return padded.reshape([batch, count * (length + 1)]).slice(1, 0, count * length)
      .reshape([batch, count, length]).slice(2, reach, reach + count)
  }
}
