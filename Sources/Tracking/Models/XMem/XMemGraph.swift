import NeuralGraph

/// The graphs of XMem (Cheng and Schwing, ECCV 2022: "XMem: Long-Term Video Object Segmentation with an Atkinson-Shiffrin
/// Memory Model").
///
/// Pictures are [1, 3, height, width], normalised by ImageNet's mean and deviation, sides multiples of 16. What differs from
/// object to object runs once for each, so that memory does not grow with their number; convolutions over a feature map that
/// all share are cut in two (a convolution of joined maps is the sum over its parts) and run once.
struct XMemGraph: Sendable {
  let sizes: XMemSizes

  private static let root = WeightScope()
  private static let fusedChannels = 512
  /// Channels of the key encoder's stages.
  static let stageChannels = [256, 512, 1024]

  // MARK: Key encoder

  /// `image` -> `f4`, `f8`, `f16`, and of each position of f16 `key`, `shrinkage`, `selection`.
  func encodeKey(_ graph: GraphBuilder, height: Int, width: Int) {
    let scope = Self.root["key_encoder"]
    let stem = graph.input("image", [1, 3, height, width])
      .conv(scope["conv1"], channels: 64, Window(7, stride: 2, padding: 3), bias: false).batchNorm(scope["bn1"]).relu()
      .maxPool(Window(3, stride: 2, padding: 1)).tap("maxpool")
    let f4 = ResidualStage.bottlenecks(stem, scope["res2"], count: 3, width: 64, stride: 1)
    let f8 = ResidualStage.bottlenecks(f4, scope["layer2"], count: 4, width: 128, stride: 2)
    let f16 = ResidualStage.bottlenecks(f8, scope["layer3"], count: 6, width: 256, stride: 2)
    for (name, value) in [("f4", f4), ("f8", f8), ("f16", f16)] { graph.output(name, value) }
    let projection = Self.root["key_proj"]
    let window = Window(3, padding: 1)
    graph.output("key", f16.conv(projection["key_proj"], channels: sizes.key, window))
    let shrinkage = f16.conv(projection["d_proj"], channels: 1, window)
    graph.output("shrinkage", shrinkage * shrinkage + 1)
    graph.output("selection", f16.conv(projection["e_proj"], channels: sizes.key, window).sigmoid())
  }

  // MARK: Value encoder

  /// `f16` -> `plain` and `active`, the shared parts of the value encoder's first fusing convolutions.
  func valueContext(_ graph: GraphBuilder, rows: Int, columns: Int) {
    fuserContext(graph, Self.root["value_encoder"]["fuser"], rows: rows, columns: columns, objectChannels: 256)
  }

  /// `image`, `masks` (the object's own, the sum of the others'), `plain`, `active` -> `value` [1, value, rows, columns].
  func encodeValue(_ graph: GraphBuilder, rows: Int, columns: Int) {
    let scope = Self.root["value_encoder"]
    let image = graph.input("image", [1, 3, rows * 16, columns * 16])
    let masks = graph.input("masks", [1, sizes.maskPlanes, rows * 16, columns * 16])
    var x = graph.concat([image, masks], 1)
      .conv(scope["conv1"], channels: 64, Window(7, stride: 2, padding: 3), bias: false).batchNorm(scope["bn1"])
      .maxPool(Window(3, stride: 2, padding: 1)).relu()
    x = ResidualStage.basicBlocks(x, scope["layer1"], count: 2, width: 64, stride: 1).tap("layer1")
    x = ResidualStage.basicBlocks(x, scope["layer2"], count: 2, width: 128, stride: 2)
    x = ResidualStage.basicBlocks(x, scope["layer3"], count: 2, width: 256, stride: 2).tap("layer3")
    graph.output("value", fused(graph, x, scope["fuser"], channels: sizes.value))
  }

  /// `value`, `hidden` -> `hidden_out`: the sensory memory taught by what was written to the working memory.
  func reinforce(_ graph: GraphBuilder, rows: Int, columns: Int) {
    let value = graph.input("value", [1, sizes.value, rows, columns])
    graph.output("hidden_out", gated(graph, value, Self.root["value_encoder"]["hidden_reinforce"]))
  }

  // MARK: Decoder

  /// `f4`, `f8`, `f16` -> the decoder's shared parts: `skip4`, `skip8`, `plain`, `active`.
  func decoderContext(_ graph: GraphBuilder, rows: Int, columns: Int) {
    let scope = Self.root["decoder"]
    let window = Window(3, padding: 1)
    let f8 = graph.input("f8", [1, Self.stageChannels[1], rows * 2, columns * 2])
    graph.output("skip8", f8.conv(scope["up_16_8"]["skip_conv"], channels: 512, window))
    let f4 = graph.input("f4", [1, Self.stageChannels[0], rows * 4, columns * 4])
    graph.output("skip4", f4.conv(scope["up_8_4"]["skip_conv"], channels: 256, window))
    fuserContext(graph, scope["fuser"], rows: rows, columns: columns, objectChannels: sizes.value + sizes.hidden)
  }

  /// `readout`, `hidden` and the shared parts -> `g16`, `g8`, `g4`, and `logits` [1, 1, 4 * rows, 4 * columns].
  func decode(_ graph: GraphBuilder, rows: Int, columns: Int) {
    let scope = Self.root["decoder"]
    let readout = graph.input("readout", [1, sizes.value, rows, columns])
    let hidden = graph.input("hidden", [1, sizes.hidden, rows, columns])
    let g16 = fused(graph, graph.concat([readout, hidden], 1), scope["fuser"], channels: Self.fusedChannels)
    let skip8 = graph.input("skip8", [1, 512, rows * 2, columns * 2])
    let g8 = upsampled(g16, skip8, scope["up_16_8"], channels: 256)
    let skip4 = graph.input("skip4", [1, 256, rows * 4, columns * 4])
    let g4 = upsampled(g8, skip4, scope["up_8_4"], channels: 256)
    for (name, value) in [("g16", g16), ("g8", g8), ("g4", g4)] { graph.output(name, value) }
    graph.output("logits", g4.relu().conv(scope["pred"], channels: 1, Window(3, padding: 1)))
  }

  /// `g16`, `g8`, `g4`, `logits`, `hidden` -> `hidden_out`: the sensory memory after an ordinary frame.
  func updateHidden(_ graph: GraphBuilder, rows: Int, columns: Int) {
    let scope = Self.root["decoder"]["hidden_update"]
    let g16 = graph.input("g16", [1, 512, rows, columns])
    let g8 = graph.input("g8", [1, 256, rows * 2, columns * 2])
    let g4 = graph.input("g4", [1, 256, rows * 4, columns * 4])
    let logits = graph.input("logits", [1, 1, rows * 4, columns * 4])
    let quarter = graph.concat([g4, logits], 1)
    let sum =
      g16.conv(scope["g16_conv"], channels: 256, Window(1))
      + g8.averagePool(Window(2, stride: 2)).conv(scope["g8_conv"], channels: 256, Window(1))
      + quarter.averagePool(Window(4, stride: 4)).conv(scope["g4_conv"], channels: 256, Window(1))
    graph.output("hidden_out", gated(graph, sum, scope))
  }

  // MARK: Blocks

  private func upsampled(_ x: Value, _ skip: Value, _ scope: WeightScope, channels: Int) -> Value {
    let larger = x.resize(Array(skip.shape[2...]), .bilinear(alignCorners: false))
    return residual(larger + skip, scope["out_conv"], channels: channels)
  }

  /// Two convolutions after activations, and a way around them.
  private func residual(_ x: Value, _ scope: WeightScope, channels: Int) -> Value {
    let window = Window(3, padding: 1)
    let y = x.relu().conv(scope["conv1"], channels: channels, window).relu()
      .conv(scope["conv2"], channels: channels, window)
    return y + (x.shape[1] == channels ? x : x.conv(scope["downsample"], channels: channels, window))
  }

  /// A gated recurrent unit over the joined `x` and `hidden`; gates in the order forget, update, new.
  private func gated(_ graph: GraphBuilder, _ x: Value, _ scope: WeightScope) -> Value {
    let hidden = graph.input("hidden", [1, sizes.hidden] + x.shape[2...])
    let gates = graph.concat([x, hidden], 1)
      .conv(scope["transform"], channels: 3 * sizes.hidden, Window(3, padding: 1)).split(1, into: 3)
    let update = gates[1].sigmoid()
    return gates[0].sigmoid() * hidden * (1 - update) + update * gates[2].tanh()
  }

  // MARK: Fusion of the picture's features with an object's

  private func fuserContext(
    _ graph: GraphBuilder, _ scope: WeightScope, rows: Int, columns: Int, objectChannels: Int
  ) {
    let shared = Self.stageChannels[2]
    let f16 = graph.input("f16", [1, shared, rows, columns])
    func part(_ x: Value, _ scope: WeightScope) -> Value {
      let kernel = fuserKernel(graph, scope, objectChannels).slice(1, 0, shared)
      return x.conv(kernel, bias: graph.weight(scope["bias"], [Self.fusedChannels]), Window(3, padding: 1))
    }
    graph.output("plain", part(f16, scope["block1"]["downsample"]))
    graph.output("active", part(f16.relu(), scope["block1"]["conv1"]))
  }

  private func fuserKernel(_ graph: GraphBuilder, _ scope: WeightScope, _ objectChannels: Int) -> Value {
    graph.weight(scope["weight"], [Self.fusedChannels, Self.stageChannels[2] + objectChannels, 3, 3])
  }

  private func fused(_ graph: GraphBuilder, _ x: Value, _ scope: WeightScope, channels: Int) -> Value {
    let shared = Self.stageChannels[2]
    let shape = [1, Self.fusedChannels, x.shape[2], x.shape[3]]
    func part(_ x: Value, _ scope: WeightScope) -> Value {
      x.conv(fuserKernel(graph, scope, x.shape[1]).slice(1, shared, .max), Window(3, padding: 1))
    }
    let block = scope["block1"]
    let active = (part(x.relu(), block["conv1"]) + graph.input("active", shape)).relu()
      .conv(block["conv2"], channels: Self.fusedChannels, Window(3, padding: 1))
    let y = (active + (part(x, block["downsample"]) + graph.input("plain", shape))).tap("fuser_block1")
    let attended = attention(graph, y, scope["attention"]).tap("fuser_attention")
    return residual(y + attended, scope["block2"], channels: channels)
  }

  /// Attention over channels, then positions (Woo et al. 2018: "CBAM").
  private func attention(_ graph: GraphBuilder, _ x: Value, _ scope: WeightScope) -> Value {
    let channels = x.shape[1]
    let mlp = scope["ChannelGate"]["mlp"]
    func gate(_ pooled: Value) -> Value {
      pooled.reshape([1, channels]).linear(mlp[1], channels / 16).relu().linear(mlp[3], channels)
    }
    let odds = gate(x.mean([2, 3])) + gate(x.max([2, 3]))
    let scaled = x * odds.sigmoid().reshape([1, channels, 1, 1])
    let pooled = graph.concat([scaled.max([1]), scaled.mean([1])], 1)
    return scaled
      * pooled.conv(scope["SpatialGate"]["spatial"]["conv"], channels: 1, Window(7, padding: 3)).sigmoid()
  }
}
