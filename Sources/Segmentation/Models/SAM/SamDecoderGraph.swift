import NeuralGraph

/// SAM's prompt encoder and mask decoder, and the high-quality decoder of HQ-SAM.
struct SamDecoderGraph {
  let architecture: SamArchitecture
  /// Prompts that are answered at once.
  let batch: Int
  let hasMask: Bool

  static let promptKinds = 5
  static let maskSide = 256
  static let channels = 256
  private static let heads = 8
  private let prompts = WeightScope("prompt_encoder")
  private let decoder = WeightScope("mask_decoder")

  // MARK: Parts

  /// `image_embedding` [1, 256, 64, 64]; `points` [batch, n, 2] in -1…1, `kinds` [batch, n, 5] one for the prompt's kind
  /// (not a point, outside, inside, first corner, second corner); `mask` [batch, 1, 256, 256] logits where `hasMask`;
  /// `interm_embedding` for the high-quality decoder -> `masks` [batch, 4 or 5, 256, 256] logits, `iou` [batch, 4].
  func build(_ graph: GraphBuilder) {
    let grid = SamArchitecture.grid
    let image = graph.input("image_embedding", [1, Self.channels, grid, grid])
    let count = graph.dimension("n")
    let sparse = sparse(
      graph.input("points", [batch, count, 2]), graph.input("kinds", [batch, count, Self.promptKinds])
    ).tap("sparse")
    let dense = dense(graph).tap("dense")
    let early =
      architecture.isHighQuality
      ? graph.input("interm_embedding", [1, grid, grid, architecture.earlyChannels]) : nil
    masks(image, sparse, dense, early)
  }

  /// `dense_pe` [1, 256, 64, 64]: the position codes of the grid's cells.
  func gridCode(_ graph: GraphBuilder) -> Value {
    let grid = SamArchitecture.grid
    let centres = (0..<grid).map { (Float($0) + 0.5) / Float(grid) * 2 - 1 }
    let positions = centres.flatMap { y in centres.flatMap { [$0, y] } }
    let code = code(graph.constant(positions, [1, grid * grid, 2]))
    return code.transposed.reshape([1, Self.channels, grid, grid])
  }

  // MARK: Prompts

  /// Random Fourier features of positions [batch, n, 2].
  private func code(_ positions: Value) -> Value {
    let graph = positions.graph
    let matrix = graph.weight(prompts["pe_layer"]["positional_encoding_gaussian_matrix"], [2, Self.channels / 2])
    let angles = positions.matmul(matrix) * (2 * Float.pi)
    return graph.concat([angles.sin(), angles.cos()], -1)
  }

  private func sparse(_ points: Value, _ kinds: Value) -> Value {
    let graph = points.graph
    let scopes = [prompts["not_a_point_embed"]] + (0..<4).map { prompts["point_embeddings"][$0] }
    let table = graph.concat(scopes.map { graph.weight($0["weight"], [1, Self.channels]) }, 0)
    // What is not a point has no position.
    let isPoint = 1 - kinds.slice(2, 0, 1)
    return code(points) * isPoint + kinds.matmul(table)
  }

  private func dense(_ graph: GraphBuilder) -> Value {
    let grid = SamArchitecture.grid
    let none = graph.weight(prompts["no_mask_embed"]["weight"], [1, Self.channels])
    let scope = prompts["mask_downscaling"]
    guard hasMask else { return none.reshape([1, Self.channels, 1, 1]).expand([batch, Self.channels, grid, grid]) }
    let halving = Window(2, stride: 2)
    return graph.input("mask", [batch, 1, Self.maskSide, Self.maskSide])
      .conv(scope[0], channels: 4, halving).channelNorm(scope[1]).gelu()
      .conv(scope[3], channels: 16, halving).channelNorm(scope[4]).gelu()
      .conv(scope[6], channels: Self.channels, Window(1))
  }

  // MARK: Decoder

  private func masks(_ image: Value, _ sparse: Value, _ dense: Value, _ early: Value?) {
    let graph = image.graph
    var names = [("iou_token", 1), ("mask_tokens", 4)]
    if architecture.isHighQuality { names.append(("hf_token", 1)) }
    let own = graph.concat(names.map { graph.weight(decoder[$0.0]["weight"], [$0.1, Self.channels]) }, 0)
    let ownCount = own.shape[0]
    let tokens = graph.concat(
      [own.reshape([1, ownCount, Self.channels]).expand([batch, ownCount, Self.channels]), sparse], 1)
    let (queries, keys) = transformer(tokens, (image + dense).flatten(2...3).transposed)
    let upscaled = upscaled(
      keys.transposed.reshape([batch, Self.channels, SamArchitecture.grid, SamArchitecture.grid]),
      decoder["output_upscaling"], last: true
    ).tap("upscaled")
    var planes = (0..<4).map { index in
      plane(queries, index + 1, decoder["output_hypernetworks_mlps"][index], upscaled)
    }
    if let early {
      planes.append(plane(queries, 5, decoder["hf_mlp"], highQuality(upscaled, image, early)))
    }
    graph.output("masks", graph.concat(planes, 1))
    graph.output("iou", perceptron(token(queries, 0), decoder["iou_prediction_head"], [256, 256, 4]))
  }

  private func token(_ queries: Value, _ index: Int) -> Value {
    queries.slice(1, index, index + 1).reshape([batch, Self.channels])
  }

  /// A token's mask: its hypernetwork's 32 weights over the features.
  private func plane(_ queries: Value, _ index: Int, _ scope: WeightScope, _ features: Value) -> Value {
    let weights = perceptron(token(queries, index), scope, [256, 256, 32]).reshape([batch, 1, 32])
    return weights.matmul(features.flatten(2...3)).reshape([batch, 1, Self.maskSide, Self.maskSide])
  }

  private func perceptron(_ x: Value, _ scope: WeightScope, _ widths: [Int]) -> Value {
    widths.enumerated().reduce(x) { x, layer in
      let y = x.linear(scope["layers"][layer.offset], layer.element)
      return layer.offset < widths.count - 1 ? y.relu() : y
    }
  }

  /// 64 -> 256 pixels, to 32 channels.
  private func upscaled(_ x: Value, _ scope: WeightScope, inner: Int = 64, last: Bool) -> Value {
    let doubling = Window(2, stride: 2)
    let y = x.convTranspose(scope[0], channels: inner, doubling).channelNorm(scope[1]).gelu()
      .convTranspose(scope[3], channels: 32, doubling)
    return last ? y.gelu() : y
  }

  private func highQuality(_ upscaled: Value, _ image: Value, _ early: Value) -> Value {
    let fromImage = self.upscaled(image, decoder["embedding_encoder"], last: false).tap("hq_embedding_encoder")
    let fromEarly = self.upscaled(
      early.transpose([0, 3, 1, 2]), decoder["compress_vit_feat"], inner: 256, last: false
    ).tap("hq_compress_vit_feat")
    let scope = decoder["embedding_maskfeature"]
    let window = Window(3, padding: 1)
    let features = upscaled.conv(scope[0], channels: 64, window).channelNorm(scope[1]).gelu()
      .conv(scope[3], channels: 32, window).tap("hq_maskfeature")
    return features + (fromImage + fromEarly)
  }

  // MARK: Two-way transformer

  /// Tokens [batch, n, 256] and the picture [batch, 4096, 256] attend to each other.
  private func transformer(_ tokens: Value, _ picture: Value) -> (queries: Value, keys: Value) {
    let scope = decoder["transformer"]
    let code = gridCode(tokens.graph).flatten(2...3).transposed
    var (queries, keys) = (tokens, picture)
    for index in 0..<2 {
      let layer = scope["layers"][index]
      if index == 0 {
        queries = attention(queries, queries, queries, layer["self_attn"])
      } else {
        let query = queries + tokens
        queries = queries + attention(query, query, queries, layer["self_attn"])
      }
      queries = queries.layerNorm(layer["norm1"])
      let toImage = attention(queries + tokens, keys + code, keys, layer["cross_attn_token_to_image"], narrow: true)
      queries = (queries + toImage).layerNorm(layer["norm2"])
      let inner = queries.linear(layer["mlp"]["lin1"], 2048).relu().linear(layer["mlp"]["lin2"], Self.channels)
      queries = (queries + inner).layerNorm(layer["norm3"])
      let toTokens = attention(keys + code, queries + tokens, queries, layer["cross_attn_image_to_token"], narrow: true)
      keys = (keys + toTokens).layerNorm(layer["norm4"])
      queries.tap("layer\(index)_queries")
      keys.tap("layer\(index)_keys")
    }
    let last = attention(
      queries + tokens, keys + code, keys, scope["final_attn_token_to_image"], narrow: true)
    queries = (queries + last).layerNorm(scope["norm_final_attn"])
    return (queries.tap("tokens_out"), keys.tap("src_out"))
  }

  private func attention(
    _ query: Value, _ key: Value, _ value: Value, _ scope: WeightScope, narrow: Bool = false
  ) -> Value {
    let width = narrow ? Self.channels / 2 : Self.channels
    let each = width / Self.heads
    func split(_ x: Value, _ name: String) -> Value {
      x.linear(scope[name], width).reshape([batch, x.shape[1], Self.heads, each]).transpose([0, 2, 1, 3])
    }
    let logits = split(query, "q_proj").matmul(split(key, "k_proj").transposed) * (1 / Float(each).squareRoot())
    return logits.softmax().matmul(split(value, "v_proj")).transpose([0, 2, 1, 3])
      .reshape([batch, query.shape[1], width]).linear(scope["out_proj"], Self.channels)
  }
}
