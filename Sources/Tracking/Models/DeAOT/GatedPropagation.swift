import NeuralGraph

/// DeAOT's propagation layers: what is seen and whose it is, each in a branch of its own, gated.
struct GatedPropagation: Sendable {
  let sizes: DeAOTSizes

  private func layer(_ index: Int) -> WeightScope { WeightScope("LSTT.layers")[index] }

  /// `tokens`, and after the first layer `identity` -> `query`, `value`, `gate`, and after the first layer `identity_in`.
  func project(_ graph: GraphBuilder, layer index: Int, rows: Int, columns: Int) {
    let (scope, positions) = (layer(index), rows * columns)
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
  /// (`long_sum`, `long_out`) and the short-term memory (`key`, `value0`, `value1`) -> `tokens_out`, `identity_out`.
  func propagate(_ graph: GraphBuilder, layer index: Int, rows: Int, columns: Int) {
    let (scope, positions) = (layer(index), rows * columns)
    let gate = graph.input("gate", [positions, 2 * sizes.value])
    let long = StreamedAttention.normalised(graph, positions, heads: 1, width: 2 * sizes.value)
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
    let places = LocalWindow.side * LocalWindow.side
    let query = graph.input("query", [positions, sizes.key])
    let key = graph.input("key", [positions, sizes.key])
    let relative = scope["relative_emb_k"]
    let bias = query.linear(
      graph.weight(relative["weight"], [places, sizes.key, 1, 1]).reshape([places, sizes.key]),
      bias: graph.weight(relative["bias"], [places]))
    let scores =
      scaled(query).matmul(key.transposed) + LocalWindow.spread(bias, rows, columns)
    let values = graph.concat(
      ["value0", "value1"].map { graph.input($0, [positions, sizes.value]) }, 1)
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
    let mixed = (x * gate).map(rows, columns).conv(
      scope["dw_conv"]["conv"], channels: channels, Window(5, padding: 2), groups: channels, bias: false)
    return mixed.tokens.linear(scope["projection"], 2 * sizes.width)
  }

  /// `tokens`, `identity` -> `final`, both side by side and normalised.
  func finish(_ graph: GraphBuilder, positions: Int) {
    let parts = ["tokens", "identity"].map { graph.input($0, [positions, sizes.width]) }
    let channelsFirst = graph.concat(parts, 1).transposed.unsqueeze(0)
    let normal = channelsFirst.groupNorm(WeightScope("LSTT.decoder_norms")[0]["gn"], groups: 2)
    graph.output("final", normal.squeeze(0).transposed)
  }
}
