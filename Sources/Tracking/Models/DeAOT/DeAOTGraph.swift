import NeuralGraph

/// The graphs of DeAOT (Yang and Yang, NeurIPS 2022: "Decoupling Features in Hierarchical Propagation for Video Object
/// Segmentation").
///
/// Pictures are [1, 3, height, width], normalised by ImageNet's mean and deviation, sides 16 k + 1. Tokens are the positions of
/// the sixteenth-size map, row by row: [positions, channels].
struct DeAOTGraph: Sendable {
  let sizes: DeAOTSizes

  private static let root = WeightScope()
  static let reach = 7

  private func layer(_ index: Int) -> WeightScope { Self.root["LSTT"]["layers"][index] }

  // MARK: Pictures and labels

  /// `image` -> `f4`, `f8`, `f16`, `projected` and `tokens`.
  func encode(_ graph: GraphBuilder, height: Int, width: Int) {
    let maps = features(graph.input("image", [1, 3, height, width]))
    let projected = maps[3].conv(Self.root["encoder_projector"], channels: sizes.width, Window(1))
    for (name, value) in zip(["f4", "f8", "f16", "projected"], maps[..<3] + [projected]) { graph.output(name, value) }
    graph.output("tokens", tokens(projected))
  }

  private func features(_ picture: Value) -> [Value] {
    let scope = Self.root["encoder"]
    guard case .residual(let blocks) = sizes.encoder else {
      return MobileNetV2.features(picture, scope["features"])
    }
    let stem = picture.conv(scope["conv1"], channels: 64, Window(7, stride: 2, padding: 3), bias: false)
      .batchNorm(scope["bn1"]).relu().maxPool(Window(3, stride: 2, padding: 1)).tap("maxpool")
    let f4 = ResidualStage.bottlenecks(stem, scope["layer1"], count: 3, width: 64, stride: 1)
    let f8 = ResidualStage.bottlenecks(f4, scope["layer2"], count: 4, width: 128, stride: 2)
    let f16 = ResidualStage.bottlenecks(f8, scope["layer3"], count: blocks, width: 256, stride: 2)
    return [f4, f8, f16, f16]
  }

  /// `planes` [1, 1 + objects, height, width], 1 where a pixel has that identity -> `tokens`.
  func identify(_ graph: GraphBuilder, height: Int, width: Int) {
    let planes = graph.input("planes", [1, sizes.objects + 1, height, width])
    let window = Window(17, stride: 16, padding: 8)
    let map = planes.conv(Self.root["patch_wise_id_bank"], channels: sizes.width, window)
    graph.output("tokens", tokens(map).layerNorm(Self.root["id_norm"]))
  }

  // MARK: Propagation

  /// `tokens`, and after the first layer `identity` -> `query`, `value`, `gate`, and after the first layer `identity_in`.
  func project(_ graph: GraphBuilder, layer index: Int, positions: Int) {
    let scope = layer(index)
    let x = graph.input("tokens", [positions, sizes.width]).layerNorm(scope["norm1"])
    let parts = x.linear(scope["linear_QV"], sizes.key + sizes.value).split(1, [sizes.key, sizes.value])
    graph.output("query", parts[0])
    graph.output("value", parts[1].silu())
    let visual = x.linear(scope["linear_U"], sizes.value).silu()
    guard index > 0 else {
      let ones = graph.constant([Float](repeating: 1, count: positions * sizes.value), [positions, sizes.value])
      graph.output("gate", graph.concat([visual, ones], 1))
      return
    }
    let identity = graph.input("identity", [positions, sizes.width]).layerNorm(scope["id_norm1"])
    graph.output("identity_in", identity)
    graph.output("gate", graph.concat([visual, identity.linear(scope["linear_ID_U"], sizes.value).silu()], 1))
  }

  /// `embedding`, and after the first layer `identity_in` -> `value`: the identity value that a memory keeps.
  func fuse(_ graph: GraphBuilder, layer index: Int, positions: Int) {
    var x = graph.input("embedding", [positions, sizes.width])
    if index > 0 { x = graph.concat([graph.input("identity_in", [positions, sizes.width]), x], 1) }
    graph.output("value", x.linear(layer(index)["linear_ID_V"], sizes.value).silu())
  }

  /// The rest of a layer: `tokens`, after the first layer `identity`, `query`, `gate`, what the long-term memory gave
  /// (`long_sum`, `long_out`) and the short-term memory (`key`, `value`, `identity_value`) -> `tokens_out`, `identity_out`.
  func propagate(_ graph: GraphBuilder, layer index: Int, rows: Int, columns: Int) {
    let (scope, positions) = (layer(index), rows * columns)
    let gate = graph.input("gate", [positions, 2 * sizes.value])
    let long = graph.input("long_out", [positions, 2 * sizes.value]) / graph.input("long_sum", [positions, 1])
    let fromLong = gated(long, gate, scope["long_term_attn"], rows, columns).tap("long")
    let nearby = neighbourhood(graph, scope["short_term_attn"], rows, columns)
    let fromShort = gated(nearby, gate, scope["short_term_attn"], rows, columns).tap("short")
    let update = (fromLong + fromShort).split(1, into: 2)
    let tokens = graph.input("tokens", [positions, sizes.width]) + update[0]
    let identity = index == 0 ? update[1] : graph.input("identity", [positions, sizes.width]) + update[1]
    let own = selfAttention(graph, tokens, identity, scope, rows, columns).tap("self").split(1, into: 2)
    graph.output("tokens_out", tokens + own[0])
    graph.output("identity_out", identity + own[1])
  }

  /// Attention to the short-term memory within the window around each position.
  private func neighbourhood(_ graph: GraphBuilder, _ scope: WeightScope, _ rows: Int, _ columns: Int) -> Value {
    let positions = rows * columns
    let side = 2 * Self.reach + 1
    let query = graph.input("query", [positions, sizes.key])
    let key = graph.input("key", [positions, sizes.key])
    let relative = scope["relative_emb_k"]
    let bias = query.linear(
      graph.weight(relative["weight"], [side * side, sizes.key, 1, 1]).reshape([side * side, sizes.key]),
      bias: graph.weight(relative["bias"], [side * side]))
    let scores =
      scaled(query).matmul(key.transposed) + LocalWindow.spread(bias, rows, columns, reach: Self.reach)
    let values = graph.concat(
      ["value", "identity_value"].map { graph.input($0, [positions, sizes.value]) }, 1)
    return scores.softmax().matmul(values)
  }

  private func selfAttention(
    _ graph: GraphBuilder, _ tokens: Value, _ identity: Value, _ scope: WeightScope, _ rows: Int, _ columns: Int
  ) -> Value {
    let halves = [tokens.layerNorm(scope["norm2"]), identity.layerNorm(scope["id_norm2"])]
    let attention = scope["self_attn"]
    func activated(_ name: String) -> Value {
      graph.concat(
        halves.enumerated().map { $1.linear(attention["linear_\(name)\($0 + 1)"], sizes.value) }, 1
      ).silu()
    }
    let query = graph.concat(halves, 1).linear(attention["linear_QK"], sizes.key)
    let drawn = scaled(query).matmul(query.transposed).softmax().matmul(activated("V"))
    return gated(drawn, activated("U"), attention, rows, columns)
  }

  private func scaled(_ query: Value) -> Value { query / Float(sizes.key).squareRoot() }

  /// Values times gate, mixed among neighbours and projected.
  private func gated(_ x: Value, _ gate: Value, _ scope: WeightScope, _ rows: Int, _ columns: Int) -> Value {
    let channels = x.shape[1]
    let map = (x * gate).reshape([1, rows, columns, channels]).transpose([0, 3, 1, 2])
    let mixed = map.conv(
      scope["dw_conv"]["conv"], channels: channels, Window(5, padding: 2), groups: channels, bias: false)
    return tokens(mixed).linear(scope["projection"], 2 * sizes.width)
  }

  /// `tokens`, `identity` -> `final`, both side by side and normalised.
  func finish(_ graph: GraphBuilder, positions: Int) {
    let parts = ["tokens", "identity"].map { graph.input($0, [positions, sizes.width]) }
    let channelsFirst = graph.concat(parts, 1).transposed.unsqueeze(0)
    let normal = channelsFirst.groupNorm(Self.root["LSTT"]["decoder_norms"][0]["gn"], groups: 2)
    graph.output("final", normal.squeeze(0).transposed)
  }

  // MARK: Decoder

  /// `final`, `f4`, `f8`, `f16` -> `logits` [1, 1 + objects, rows, columns] at a quarter of the picture.
  func decode(_ graph: GraphBuilder, shapes: [[Int]]) {
    let scope = Self.root["decoder"]
    let (rows, columns) = (shapes[2][2], shapes[2][3])
    let final = graph.input("final", [rows * columns, 2 * sizes.width])
    let map = final.reshape([1, rows, columns, 2 * sizes.width]).transpose([0, 3, 1, 2])
    var x = normalised(map, scope["conv_in"], channels: sizes.width, 1).tap("dec_conv_in")
    let half = sizes.width / 2
    let steps: [(level: Int, name: String, channels: Int)] = [
      (2, "16x", sizes.width), (1, "8x", half), (0, "4x", half),
    ]
    for step in steps {
      let shape = shapes[step.level]
      x = x.resize(Array(shape[2...]), .bilinear(alignCorners: true))
      let skip = graph.input(["f4", "f8", "f16"][step.level], shape)
        .conv(scope["adapter_" + step.name], channels: x.shape[1], Window(1))
      x = normalised(skip + x, scope["conv_" + step.name], channels: step.channels, 3).tap("dec_" + step.name)
    }
    graph.output("logits", x.conv(scope["conv_out"], channels: sizes.objects + 1, Window(1)))
  }

  private func normalised(_ x: Value, _ scope: WeightScope, channels: Int, _ kernel: Int) -> Value {
    x.conv(scope["conv"], channels: channels, Window(kernel, padding: kernel / 2))
      .groupNorm(scope["gn"], groups: 8).relu()
  }

  private func tokens(_ map: Value) -> Value {
    map.transpose([0, 2, 3, 1]).reshape([map.shape[2] * map.shape[3], map.shape[1]])
  }
}
