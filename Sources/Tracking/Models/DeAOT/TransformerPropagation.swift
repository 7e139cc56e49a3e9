import NeuralGraph

/// AOT's propagation layers: transformers over what is seen and whose it is at once.
struct TransformerPropagation: Sendable {
  let sizes: DeAOTSizes
  let heads: Int

  private func layer(_ index: Int) -> WeightScope { WeightScope("LSTT.layers")[index] }
  private var width: Int { sizes.width }

  /// `tokens` -> `tokens_attended` after attention among themselves, `query`, and `identity_in`, what identities are added
  /// to.
  func project(_ graph: GraphBuilder, layer index: Int, rows: Int, columns: Int) {
    let (scope, positions) = (layer(index), rows * columns)
    let tokens = graph.input("tokens", [positions, width])
    let x = tokens.layerNorm(scope["norm1"])
    let embedding = SinePosition.embedding(rows: rows, columns: columns, channels: width)
    let position = graph.constant(embedding.elementRows, [positions, width])
    let attention = scope["self_attn"]
    let query = (x + position).linear(attention["linear_Q"], width)
    let key = (x + position).linear(attention["linear_K"], width)
    let drawn = attended(graph, query, key, x.linear(attention["linear_V"], width))
    let after = tokens + drawn.linear(attention["projection"], width)
    graph.output("tokens_attended", after)
    let normal = after.layerNorm(scope["norm2"])
    graph.output("identity_in", normal)
    graph.output("query", normal.linear(scope["linear_Q"], width))
  }

  private func attended(_ graph: GraphBuilder, _ query: Value, _ key: Value, _ value: Value) -> Value {
    let parts = [scaled(query), key, value].map { $0.split(1, into: heads) }
    return graph.concat(
      (0..<heads).map { parts[0][$0].matmul(parts[1][$0].transposed).softmax().matmul(parts[2][$0]) }, 1)
  }

  private func scaled(_ query: Value) -> Value { query / Float(width / heads).squareRoot() }

  /// `embedding`, `identity_in` -> `value`: the value that a memory keeps.
  func fuse(_ graph: GraphBuilder, layer index: Int, positions: Int) {
    let sum = graph.input("identity_in", [positions, width]) + graph.input("embedding", [positions, width])
    graph.output("value", sum.linear(layer(index)["linear_V"], width))
  }

  /// The rest of a layer: `tokens_attended`, `query`, what the long-term memory gave (`long_sum`, `long_out`) and the
  /// short-term memory (`key`, `value0`) -> `tokens_out`.
  func propagate(_ graph: GraphBuilder, layer index: Int, rows: Int, columns: Int) {
    let (scope, positions) = (layer(index), rows * columns)
    let fromLong = StreamedAttention.normalised(graph, positions, heads: heads, width: width)
      .linear(scope["long_term_attn"]["projection"], width).tap("long")
    let fromShort = neighbourhood(graph, scope["short_term_attn"], rows, columns)
      .linear(scope["short_term_attn"]["projection"], width).tap("short")
    let tokens = graph.input("tokens_attended", [positions, width]) + fromLong + fromShort
    let inner = tokens.layerNorm(scope["norm3"]).linear(scope["linear1"], 4 * width)
    let activation = scope["activation"]
    let mixed = inner.map(rows, columns).groupNorm(activation["gn"], groups: 32).gelu()
      .conv(activation["conv"], channels: 4 * width, Window(5, padding: 2), groups: 4 * width, bias: false)
    graph.output("tokens_out", tokens + mixed.tokens.linear(scope["linear2"], width))
  }

  /// Attention to the short-term memory within the window around each position, by head; each place of the window has a
  /// value of its own besides.
  private func neighbourhood(_ graph: GraphBuilder, _ scope: WeightScope, _ rows: Int, _ columns: Int) -> Value {
    let (positions, places, own) = (rows * columns, LocalWindow.side * LocalWindow.side, width / heads)
    let query = graph.input("query", [positions, width])
    let queries = query.split(1, into: heads)
    let keys = graph.input("key", [positions, width]).split(1, into: heads)
    let values = graph.input("value0", [positions, width]).split(1, into: heads)
    let relative = scope["relative_emb_k"]
    let kernels = graph.weight(relative["weight"], [heads * places, own, 1, 1])
      .reshape([heads * places, own]).split(0, into: heads)
    let biases = graph.weight(relative["bias"], [heads * places]).split(0, into: heads)
    let placeValues = graph.weight(scope["relative_emb_v"], [heads, own, places]).split(0, into: heads)
    let drawn = (0..<heads).map { head in
      let bias = queries[head].linear(kernels[head], bias: biases[head])
      let scores = scaled(queries[head]).matmul(keys[head].transposed) + LocalWindow.spread(bias, rows, columns)
      let weights = scores.softmax()
      return weights.matmul(values[head])
        + LocalWindow.collect(weights, rows, columns).matmul(placeValues[head].squeeze(0).transposed)
    }
    return graph.concat(drawn, 1)
  }

  /// `tokens0`, `tokens1`, … after each layer -> `final`, each normalised, side by side.
  func finish(_ graph: GraphBuilder, positions: Int) {
    let norms = WeightScope("LSTT.decoder_norms")
    let layers = (0..<sizes.layers).map { graph.input("tokens\($0)", [positions, width]).layerNorm(norms[$0]) }
    graph.output("final", graph.concat(layers, 1))
  }
}
