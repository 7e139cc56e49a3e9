import NeuralGraph

/// How tokens lie over features: 7x7 windows, three apart.
struct TokenGrid: Sendable, Equatable {
  /// Of the features.
  let height: Int
  let width: Int

  static let channels = 512
  static let side = 7
  static let window = Window(side, stride: 3, padding: 3)

  var rows: Int { (height - 1) / 3 + 1 }
  var columns: Int { (width - 1) / 3 + 1 }
  var count: Int { rows * columns }

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  /// The greatest features that have so many tokens.
  init(rows: Int, columns: Int) { self.init(height: rows * 3, width: columns * 3) }

  /// `fold` of the same `taps` (`side` * `side` for each channel) at every token: [channels, height, width].
  func folded(_ taps: [Float]) -> [Float] {
    let area = Self.side * Self.side
    var map = [Float](repeating: 0, count: taps.count / area * height * width)
    for (index, tap) in taps.enumerated() {
      let (channel, dy, dx) = (index / area, index % area / Self.side - 3, index % Self.side - 3)
      for y in stride(from: dy, to: rows * 3 + dy, by: 3) where y >= 0 && y < height {
        for x in stride(from: dx, to: columns * 3 + dx, by: 3) where x >= 0 && x < width {
          map[(channel * height + y) * width + x] += tap
        }
      }
    }
    return map
  }
}

extension E2FGVIGraph {
  /// `features` [frames, 128, height, width] -> `tokens` [1, frames, rows, columns, 512].
  static func softSplit(_ graph: GraphBuilder, _ grid: TokenGrid) {
    let features = graph.input("features", [graph.dimension("frames"), channels, grid.height, grid.width])
    graph.output("tokens", split(graph, features).unsqueeze(0))
  }

  /// `tokens` [1, frames, rows, columns, 512] -> `composed` [frames, 128, height, width].
  /// - Parameter onto: adds it to `features` of that shape: `transformed`.
  static func softComposition(_ graph: GraphBuilder, _ variant: E2FGVIVariant, _ grid: TokenGrid, onto: Bool) {
    let frames = graph.dimension("frames")
    let tokens = graph.input("tokens", [1, frames, grid.rows, grid.columns, TokenGrid.channels])
    let composed = composed(graph, variant, grid, tokens.squeeze(0))
    if onto {
      graph.output("transformed", graph.input("features", [frames, channels, grid.height, grid.width]) + composed)
    } else {
      graph.output("composed", composed)
    }
  }

  /// Cutting windows and a fully connected layer on each is a convolution.
  static func split(_ graph: GraphBuilder, _ features: Value) -> Value {
    windows(graph, features, WeightScope("ss")["embedding"]).transpose([0, 2, 3, 1])
  }

  static func composed(
    _ graph: GraphBuilder, _ variant: E2FGVIVariant, _ grid: TokenGrid, _ tokens: Value
  ) -> Value {
    let scope = WeightScope("sc")
    let features = overlapped(graph, grid, tokens, scope["embedding"], channels: channels)
    switch variant {
    case .fixed: return features + graph.weight(scope["bias"], [channels, grid.height, grid.width])
    case .anySize: return features.conv(scope["bias_conv"], channels: channels, Window(3, padding: 1))
    }
  }

  /// A linear layer on each window of [frames, channels, height, width] -> [frames, 512, rows, columns].
  static func windows(_ graph: GraphBuilder, _ features: Value, _ scope: WeightScope) -> Value {
    let (inner, side) = (features.shape[1], TokenGrid.side)
    let weight = graph.weight(scope["weight"], [TokenGrid.channels, inner * side * side])
      .reshape([TokenGrid.channels, inner, side, side])
    return features.conv(weight, bias: graph.weight(scope["bias"], [TokenGrid.channels]), TokenGrid.window)
  }

  /// A linear layer on each of tokens [frames, rows, columns, 512] to a window, the windows added up where they overlap:
  /// a transposed convolution -> [frames, channels, height, width].
  static func overlapped(
    _ graph: GraphBuilder, _ grid: TokenGrid, _ tokens: Value, _ scope: WeightScope, channels: Int
  ) -> Value {
    let (side, taps) = (TokenGrid.side, channels * TokenGrid.side * TokenGrid.side)
    let weight = graph.weight(scope["weight"], [taps, TokenGrid.channels])
      .transposed.reshape([TokenGrid.channels, channels, side, side])
    let rest = [grid.height - (grid.rows - 1) * 3 - 1, grid.width - (grid.columns - 1) * 3 - 1]
    let features = graph.node(
      "ConvTranspose", [tokens.transpose([0, 3, 1, 2]), weight],
      [
        "kernel_shape": .ints([side, side]), "strides": .ints([3, 3]), "pads": .ints([3, 3, 3, 3]),
        "output_padding": .ints(rest),
      ], shape: [tokens.shape[0], channels, grid.height, grid.width])
    let bias = grid.folded(graph.elements(scope["bias"], [taps]))
    return features + graph.constant(bias, [1, channels, grid.height, grid.width])
  }
}
