import NeuralGraph

/// Which keys the tokens of each window look at: focal attention (Yang et al. 2021) over 5x9 windows.
///
/// Tokens are numbered row by row; after them come the pooled ones, one a window.
struct FocalWindows: Sendable, Equatable {
  let rows: Int
  let columns: Int

  static let height = 5
  static let width = 9
  static var area: Int { height * width }
  /// The four rolls by half a window, (rows, columns) as `torch.roll` shifts.
  private static let rolls = [(-2, -4), (-2, 4), (2, -4), (2, 4)]

  /// Windows below and beside each other.
  var down: Int { rows / Self.height }
  var across: Int { columns / Self.width }
  var count: Int { down * across }

  /// The tokens of a window.
  func queries(_ window: Int) -> [Int] { tokens(window, roll: (0, 0)) }

  /// The window's own tokens, those of the rolled windows that `kept` names, and the pooled ones of its neighbourhood.
  func keys(_ window: Int, kept: [Int]) -> [Int] {
    let rolled = Self.rolls.flatMap { tokens(window, roll: $0) }
    return queries(window) + kept.map { rolled[$0] } + pooled(window)
  }

  private func tokens(_ window: Int, roll: (rows: Int, columns: Int)) -> [Int] {
    let (top, left) = (window / across * Self.height - roll.rows, window % across * Self.width - roll.columns)
    return (0..<Self.area).map { index in
      let y = (top + index / Self.width + rows) % rows
      let x = (left + index % Self.width + columns) % columns
      return y * columns + x
    }
  }

  /// The reference also lists positions outside, whose weight of e^-100 is nothing in float32.
  private func pooled(_ window: Int) -> [Int] {
    let (row, column) = (window / across, window % across)
    return (row - Self.height / 2...row + Self.height / 2).flatMap { y in
      (column - Self.width / 2...column + Self.width / 2).compactMap { x in
        (0..<down).contains(y) && (0..<across).contains(x) ? rows * columns + y * across + x : nil
      }
    }
  }

  /// Windows that look at equally many keys, few at a time so that their logits stay small.
  func batches(kept: [Int], limit: Int = 2) -> [[Int]] {
    var byCount: [Int: [Int]] = [:]
    for window in 0..<count { byCount[keys(window, kept: kept).count, default: []].append(window) }
    return byCount.sorted { $0.key < $1.key }.flatMap { _, windows in
      stride(from: 0, to: windows.count, by: limit).map { Array(windows[$0..<min($0 + limit, windows.count)]) }
    }
  }
}

extension E2FGVIGraph {
  static let depth = 8
  private static let heads = 4

  /// `tokens` [1, frames, rows, columns, 512] -> `block`; taps `norm1`, `pooled`, `attn`, `ffn`.
  static func block(_ graph: GraphBuilder, _ grid: TokenGrid, index: Int) {
    let shape = [1, graph.dimension("frames"), grid.rows, grid.columns, TokenGrid.channels]
    graph.output("block", block(graph, grid, graph.input("tokens", shape).squeeze(0), index).unsqueeze(0))
  }

  private static func block(_ graph: GraphBuilder, _ grid: TokenGrid, _ tokens: Value, _ index: Int) -> Value {
    let scope = WeightScope("transformer")[index]
    let windows = FocalWindows(rows: grid.rows, columns: grid.columns)
    if windows.count == 0 || grid.rows % FocalWindows.height != 0 || grid.columns % FocalWindows.width != 0 {
      graph.note("\(grid.rows)x\(grid.columns) tokens are no whole windows")
      return tokens
    }
    let normal = tokens.layerNorm(scope["norm1"])
    normal.unsqueeze(0).tap("norm1")
    let attended = tokens + attention(graph, windows, normal, scope)
    let mixed = feedForward(graph, grid, attended.layerNorm(scope["norm2"]), scope["mlp"])
    return attended + mixed.transpose([0, 2, 3, 1])
  }

  // MARK: Attention

  private static func attention(
    _ graph: GraphBuilder, _ windows: FocalWindows, _ x: Value, _ scope: WeightScope
  ) -> Value {
    let (frames, width, area) = (x.shape[0], TokenGrid.channels, windows.rows * windows.columns)
    let all = graph.concat([x.reshape([frames, area, width]), pooled(graph, windows, x, scope)], 1)
    let parts = all.linear(scope["attn"]["qkv"], 3 * width).split(2, [width, 2 * width])
    let q = parts[0] * (1 / Float(width / heads).squareRoot())
    let kept = kept(graph, scope["attn"]["valid_ind_rolled"])
    let batches = windows.batches(kept: kept)
    let results = batches.map { attended(graph, q, parts[1], windows, $0, kept: kept) }
    // From the batches' order back to rows.
    var place = [Int](repeating: 0, count: area)
    for (index, token) in batches.joined().flatMap(windows.queries).enumerated() { place[token] = index }
    let mixed = graph.concat(results, 1).gather(place, 1).linear(scope["attn"]["proj"], width)
    byWindow(graph, windows, mixed).tap("attn")
    return mixed.reshape(x.shape)
  }

  /// [frames, tokens of the windows, 512] of some windows, whose keys are equally many.
  private static func attended(
    _ graph: GraphBuilder, _ q: Value, _ kv: Value, _ windows: FocalWindows, _ batch: [Int], kept: [Int]
  ) -> Value {
    let (frames, count, inner) = (q.shape[0], batch.count, TokenGrid.channels / heads)
    let queries = q.gather(graph.integers(batch.flatMap(windows.queries)), 1)
      .reshape([frames, count, FocalWindows.area, heads, inner]).transpose([1, 3, 0, 2, 4])
      .reshape([count, heads, -1, inner])
    let keys = batch.flatMap { windows.keys($0, kept: kept) }
    let known = kv.gather(graph.integers(keys), 1)
      .reshape([frames, count, keys.count / count, 2, heads, inner]).transpose([3, 1, 4, 0, 2, 5])
      .reshape([2, count, heads, -1, inner]).split(0, into: 2).map { $0.squeeze(0) }
    let mixed = queries.matmul(known[0].transposed).softmax().matmul(known[1])
    return mixed.reshape([count, heads, frames, FocalWindows.area, inner])
      .transpose([2, 0, 3, 1, 4]).reshape([frames, count * FocalWindows.area, TokenGrid.channels])
  }

  /// One token a window: a weighted sum of its own, [frames, windows, 512].
  private static func pooled(
    _ graph: GraphBuilder, _ windows: FocalWindows, _ x: Value, _ scope: WeightScope
  ) -> Value {
    let (frames, width, pool) = (x.shape[0], TokenGrid.channels, scope["pool_layers"][0])
    let grouped = x.reshape([frames, windows.down, FocalWindows.height, windows.across, FocalWindows.width, width])
      .transpose([0, 1, 3, 2, 4, 5]).reshape([frames, windows.count, FocalWindows.area, width])
    let sums =
      graph.weight(pool["weight"], [1, FocalWindows.area]).matmul(grouped)
      + graph.weight(pool["bias"], [1])
    sums.reshape([frames, windows.down, windows.across, width, 1]).transpose([1, 2, 0, 3, 4]).unsqueeze(0)
      .tap("pooled")
    return sums.squeeze(2)
  }

  /// The positions of the four rolled windows that lie outside the window itself.
  private static func kept(_ graph: GraphBuilder, _ scope: WeightScope) -> [Int] {
    let positions = graph.elements(scope, [120])
    guard positions.allSatisfy({ $0 >= 0 && $0 < Float(4 * FocalWindows.area) }) else {
      graph.note("\(scope.path) names positions outside the four windows")
      return []
    }
    return positions.map { Int($0) }
  }

  private static func byWindow(_ graph: GraphBuilder, _ windows: FocalWindows, _ tokens: Value) -> Value {
    tokens.gather(graph.integers((0..<windows.count).flatMap(windows.queries), [windows.count, FocalWindows.area]), 1)
      .transpose([1, 0, 2, 3]).reshape([windows.count, -1, TokenGrid.channels])
  }

  // MARK: Feed-forward

  /// Tokens spread over the features' grid and averaged where they overlap, then gathered again: [frames, 512, rows, columns].
  ///
  /// The activation commutes with cutting windows, which turns both layers into convolutions.
  private static func feedForward(
    _ graph: GraphBuilder, _ grid: TokenGrid, _ tokens: Value, _ scope: WeightScope
  ) -> Value {
    let overlaps = grid.folded([Float](repeating: 1, count: TokenGrid.side * TokenGrid.side))
    let spread =
      overlapped(graph, grid, tokens, scope["conv1"][0], channels: 40)
      / graph.constant(overlaps, [1, 1, grid.height, grid.width])
    let mixed = windows(graph, spread.gelu(), scope["conv2"][1])
    mixed.transpose([0, 2, 3, 1]).reshape([1, -1, TokenGrid.channels]).tap("ffn")
    return mixed
  }
}
