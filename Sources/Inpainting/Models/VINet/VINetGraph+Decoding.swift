import NeuralGraph

extension VINetGraph {
  /// Frames that are brought to the reference: four others and the previous output.
  static let others = 5

  /// `reference_32`… and `warped0_32`… with `hidden_before` and `cell_before` -> `decoded`, `hidden` and `cell`.
  ///
  /// The tap `occlusion` holds the masks of all levels at one size, each followed by its complement.
  static func fusion(_ graph: GraphBuilder, doubleSize: Bool, sizes: [[Int]]) {
    var mixes: [Value] = []
    var references: [Value] = []
    var masks: [Value] = []
    for (level, size) in zip(levels, sizes) {
      let shape = [1, level.channels] + size
      let suffix = level.name == "32" ? "" : "_" + level.name
      let reference = graph.input("reference_\(level.name)", shape)
      let warped = (0..<others).map { graph.input("warped\($0)_\(level.name)", shape) }
      let agreed = aggregated(graph, warped, WeightScope("st_agg" + suffix))
      agreed.unsqueeze(2).tap("st_agg" + suffix)
      let mask = occlusion(reference - agreed, WeightScope("masknet" + suffix)).tap("masknet" + suffix)
      let large = doubled(mask, by: 2 * sizes[sizes.count - 1][0] / size[0])
      masks += [large, 1 - large]
      references.append(reference)
      mixes.append((1 - mask) * reference + mask * agreed)
    }
    graph.concat(masks, 1).unsqueeze(1).tap("occlusion")
    var x = graph.concat([references[0], mixes[0]], 1)
    for (index, dilation) in [1, 2, 4, 8].enumerated() {
      x = gated(x, WeightScope("bottleneck")["bt\(index)"], 128, dilation: dilation)
    }
    let hidden = memory(graph, x.tap("bottleneck"))
    graph.output("decoded", decoder(graph, hidden, mixes, doubleSize: doubleSize))
  }

  /// The convolution over all five maps, as one over their channels.
  private static func aggregated(_ graph: GraphBuilder, _ maps: [Value], _ scope: WeightScope) -> Value {
    let channels = maps[0].shape[1]
    let kernel = graph.weight(scope["stAgg"]["conv"]["weight"], [2 * channels, channels, others, 3, 3])
      .transpose([0, 2, 1, 3, 4]).reshape([2 * channels, others * channels, 3, 3])
    return passed(graph.concat(maps, 1).conv(kernel, Window(3, padding: 1))) { $0.relu() }
  }

  // MARK: Memory

  /// The convolutional LSTM (Shi et al. 2015) alone: `x`, `hidden`, `cell` -> `hidden`, `cell`.
  static func memory(_ graph: GraphBuilder, size: [Int]) {
    _ = memory(graph, graph.input("x", [1, 128] + size))
  }

  private static func memory(_ graph: GraphBuilder, _ x: Value) -> Value {
    let hidden = graph.input("hidden_before", x.shape)
    let cell = graph.input("cell_before", x.shape)
    let gates = graph.concat([x, hidden], 1)
      .conv(WeightScope("convlstm")["Gates"], channels: 512, Window(3, padding: 1)).split(1, into: 4)
    let next = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[3].tanh()
    let shown = gates[2].sigmoid() * next.tanh()
    graph.output("hidden", shown)
    graph.output("cell", next)
    return shown
  }

  // MARK: Decoder

  private static func decoder(_ graph: GraphBuilder, _ x: Value, _ mixes: [Value], doubleSize: Bool) -> Value {
    let decoder = Decoder(graph: graph)
    var x = decoder.gated(decoder.gated(x, "dc0", 128), "dc1", 128)
    x = decoder.grown(x, "dc1_1", 96)
    x = decoder.gated(graph.concat([x, mixes[1]], 1), "dc2_1", 96)
    for (index, dilation) in [2, 4, 8].enumerated() { x = decoder.gated(x, "dc2_bt\(index + 1)", 96, dilation) }
    x = decoder.grown(x, "dc2_2", 64)
    x = decoder.gated(decoder.gated(graph.concat([x, mixes[2]], 1), "dc3_1", 64), "dc3_2", 64)
    x = decoder.grown(x, "dc4", 32)
    if doubleSize { x = doubled(x) }
    return decoder.conv(decoder.gated(x, "dc5", 16), WeightScope("decoder")["dc6"], 3)
  }

  /// Convolutions over volumes that are one frame deep.
  private struct Decoder {
    let graph: GraphBuilder

    func conv(_ x: Value, _ scope: WeightScope, _ channels: Int, _ dilation: Int = 1) -> Value {
      let kernel = graph.weight(scope["weight"], [channels, x.shape[1], 1, 3, 3])
      return x.conv(
        kernel.reshape([channels, x.shape[1], 3, 3]), Window(3, padding: dilation, dilation: dilation))
    }

    func gated(_ x: Value, _ name: String, _ channels: Int, _ dilation: Int = 1) -> Value {
      let scope = WeightScope("decoder")[name]["conv"]
      return tapped(passed(conv(x, scope, 2 * channels, dilation)) { $0.relu() }, name)
    }

    /// Twice the size.
    func grown(_ x: Value, _ name: String, _ channels: Int) -> Value {
      let scope = WeightScope("decoder")[name]["conv"][1]
      return tapped(passed(conv(doubled(x), scope, 2 * channels)) { $0.leakyRelu(0.2) }, name)
    }

    private func tapped(_ x: Value, _ name: String) -> Value {
      x.unsqueeze(2).tap("dec_" + name)
      return x
    }
  }

  // MARK: The previous output

  /// `decoded` with what the previous output shows better: `reference_256`, `other_256`, `flow_128`, `previous` ->
  /// `output` and `flow`.
  static func settling(_ graph: GraphBuilder, doubleSize: Bool, size: [Int], pictureSize: [Int]) {
    let shape = [1, fineChannels] + size
    let reference = graph.input("reference_256", shape)
    let other = graph.input("other_256", shape)
    let coarse = graph.input("flow_128", [1, 2] + size.map { $0 / 2 })
    let previous = graph.input("previous", [1, 3] + pictureSize)
    let decoded = graph.input("decoded", [1, 3] + pictureSize)
    let flow = doubled(coarse) * 2
    let warped = resampled(graph, other, flow).tap("warping_256")
    let refined = flowNetwork(graph, "flownet_256", reference, warped, flow) + flow
    var mask = occlusion(reference - warped, WeightScope("masknet_256")).tap("masknet_256")
    if doubleSize { mask = mask.resize(pictureSize, .nearest) }
    let last = doubleSize ? doubled(coarse, by: 4) * 4 : refined
    let before = resampled(graph, previous, last).tap("warped_previous")
    graph.output("output", (1 - mask) * decoded + mask * before)
    graph.output("flow", last)
  }
}
