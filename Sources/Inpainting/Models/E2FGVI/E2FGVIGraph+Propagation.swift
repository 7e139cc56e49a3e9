import NeuralGraph

/// The two passes of the feature propagation, under their keys.
enum PropagationBranch: String, Sendable, CaseIterable {
  case backward
  case forward

  fileprivate var key: String { rawValue + "_" }
}

extension E2FGVIGraph {
  private static let scope = WeightScope("feat_prop_module")

  /// Deformable alignment alone: `x` (two states), `extra`, `flow1`, `flow2` -> `aligned`; tap `conv_offset`.
  static func alignment(_ graph: GraphBuilder, _ branch: PropagationBranch, height: Int, width: Int) {
    let x = graph.input("x", [1, 2 * channels, height, width])
    let extra = graph.input("extra", [1, 3 * channels, height, width])
    let flows = ["flow1", "flow2"].map { graph.input($0, [1, 2, height, width]) }
    graph.output("aligned", aligned(graph, branch, x, extra, flows))
  }

  /// The first frame of a pass, which has nothing to align: `current` (and `other`, the other pass' state) -> `state`.
  static func firstStep(_ graph: GraphBuilder, _ branch: PropagationBranch, height: Int, width: Int) {
    let shape = [1, channels, height, width]
    let zeros = graph.constant([Float](repeating: 0, count: channels * height * width), shape)
    graph.output("state", refined(graph, branch, seen(graph, branch, shape), zeros))
  }

  /// A later frame: `state1` and `state2`, one and two frames back, are read along `flow1` and `flow2`.
  static func step(_ graph: GraphBuilder, _ branch: PropagationBranch, height: Int, width: Int) {
    let shape = [1, channels, height, width]
    let seen = seen(graph, branch, shape)
    let states = ["state1", "state2"].map { graph.input($0, shape) }
    let flows = ["flow1", "flow2"].map { graph.input($0, [1, 2, height, width]) }
    let warped = zip(states, flows).map { $0.warp($1, outside: .zeros) }
    let extra = graph.concat([warped[0], seen[0], warped[1]], 1)
    let state = aligned(graph, branch, graph.concat(states, 1), extra, flows)
    graph.output("state", refined(graph, branch, seen, state))
  }

  /// `features` with both passes' states -> `propagated`.
  static func fusion(_ graph: GraphBuilder, height: Int, width: Int) {
    let shape = [1, channels, height, width]
    let features = graph.input("features", shape)
    let states = graph.concat([graph.input("backward", shape), graph.input("forward", shape)], 1)
    graph.output("propagated", states.conv(scope["fusion"], channels: channels, Window(1)) + features)
  }

  private static func seen(_ graph: GraphBuilder, _ branch: PropagationBranch, _ shape: [Int]) -> [Value] {
    let names = branch == .backward ? ["current"] : ["current", "other"]
    return names.map { graph.input($0, shape) }
  }

  private static func refined(
    _ graph: GraphBuilder, _ branch: PropagationBranch, _ seen: [Value], _ state: Value
  ) -> Value {
    let backbone = scope["backbone"][branch.key]
    return state
      + graph.concat(seen + [state], 1)
      .conv(backbone[0], channels: channels, Window(3, padding: 1)).leakyRelu(0.1)
      .conv(backbone[2], channels: channels, Window(3, padding: 1))
  }

  private static func aligned(
    _ graph: GraphBuilder, _ branch: PropagationBranch, _ x: Value, _ extra: Value, _ flows: [Value]
  ) -> Value {
    let scope = scope["deform_align"][branch.key]
    let (groups, taps) = (16, 9)
    var condition = graph.concat([extra] + flows, 1)
    for index in 0..<3 {
      condition = condition.conv(scope["conv_offset"][2 * index], channels: channels, Window(3, padding: 1))
        .leakyRelu(0.1)
    }
    let parts =
      condition
      .conv(scope["conv_offset"][6], channels: 3 * groups * taps, Window(3, padding: 1)).tap("conv_offset")
      .split(1, [2 * groups * taps, groups * taps])
    // Half of the groups read each state, along its flow as (y, x).
    let swapped = (0..<groups * taps).map { 1 - $0 % 2 }
    let offsets = parts[0].tanh() * 10 + graph.concat(flows.map { $0.gather(swapped, 1) }, 1)
    return x.deformConv(
      scope, channels: channels, Window(3, padding: 1), offsets: offsets, mask: parts[1].sigmoid(),
      offsetGroups: groups)
  }
}
