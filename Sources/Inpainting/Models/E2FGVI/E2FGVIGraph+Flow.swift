import NeuralGraph

extension E2FGVIGraph {
  /// A frame -> `small`: a quarter of its size, in 0…1, as the flow network wants it.
  static func quarter(_ graph: GraphBuilder, height: Int, width: Int) {
    let frame = graph.input("frame", [1, 3, height, width])
    graph.output("small", ((frame + 1) / 2).resize([height / 4, width / 4], .bilinear(alignCorners: true)))
  }

  /// SPyNet (Ranjan and Black 2017): `ref` and `supp` in 0…1 -> `flow` from the first to the second, (x, y) in pixels.
  static func flow(_ graph: GraphBuilder, height: Int, width: Int) {
    let scope = WeightScope("update_spynet")
    let (rows, columns) = ((height + 31) / 32 * 32, (width + 31) / 32 * 32)
    let mean = graph.weight(scope["mean"], [1, 3, 1, 1])
    let deviation = graph.weight(scope["std"], [1, 3, 1, 1])
    func pyramid(_ name: String) -> [Value] {
      let picture = graph.input(name, [1, 3, height, width])
      var levels = [(picture.resize([rows, columns], .bilinear(alignCorners: false)) - mean) / deviation]
      for _ in 0..<5 { levels.append(levels[levels.count - 1].averagePool(Window(2, stride: 2))) }
      return levels.reversed()
    }
    let (first, second) = (pyramid("ref"), pyramid("supp"))
    var flow = graph.constant([Float](repeating: 0, count: rows * columns / 512), [1, 2, rows / 32, columns / 32])
    for level in first.indices {
      var warped = second[level]
      if level > 0 {
        flow = flow.resize(Array(warped.shape[2...]), .bilinear(alignCorners: true)) * 2
        warped = warped.warp(flow, outside: .border)
      }
      let input = graph.concat([first[level], warped, flow], 1).tap("level\(level)_input")
      flow = flow + residual(input, scope["basic_module"][level]["basic_module"]).tap("level\(level)_residual")
    }
    let scale = graph.constant([Float(width) / Float(columns), Float(height) / Float(rows)], [1, 2, 1, 1])
    graph.output("flow", flow.resize([height, width], .bilinear(alignCorners: false)) * scale)
  }

  private static func residual(_ input: Value, _ scope: WeightScope) -> Value {
    var x = input
    for (index, channels) in [32, 64, 32, 16, 2].enumerated() {
      x = x.conv(scope[index]["conv"], channels: channels, Window(7, padding: 3))
      if index < 4 { x = x.relu() }
    }
    return x
  }

  /// `features` read where `flow` [1, 2, height, width] points: `zeros` outside, and `border`.
  static func warp(_ graph: GraphBuilder, channels: Int, height: Int, width: Int) {
    let features = graph.input("features", [1, channels, height, width])
    let flow = graph.input("flow", [1, 2, height, width])
    graph.output("zeros", features.warp(flow, outside: .zeros))
    graph.output("border", features.warp(flow, outside: .border))
  }

  /// Two steps of flow joined: `flow` and what `previous` adds where it arrives.
  static func joinedFlow(_ graph: GraphBuilder, height: Int, width: Int) {
    let flow = graph.input("flow", [1, 2, height, width])
    let previous = graph.input("previous", [1, 2, height, width])
    graph.output("joined", flow + previous.warp(flow, outside: .zeros))
  }
}
