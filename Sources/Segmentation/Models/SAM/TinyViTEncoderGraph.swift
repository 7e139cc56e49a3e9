import NeuralGraph

/// The TinyViT-5M encoder (Wu et al. 2022) of MobileSAM and Light HQ-SAM.
enum TinyViTEncoderGraph {
  private static let scope = WeightScope("image_encoder")
  private static let widths = [64, 128, 160, 320]
  private static let depths = [2, 2, 6, 2]
  private static let windows = [7, 7, 14, 7]
  private static let headWidth = 32

  /// `image` [1, 3, 1024, 1024] -> `neck` [1, 256, 64, 64], and `interm_embedding` [1, 64, 64, 160] as a tap.
  static func build(_ graph: GraphBuilder) {
    let image = graph.input("image", [1, 3, SamArchitecture.side, SamArchitecture.side])
    let embed = scope["patch_embed"]["seq"]
    let halving = Window(3, stride: 2, padding: 1)
    var x = norm(image, embed[0], widths[0] / 2, halving).gelu()
    x = norm(x, embed[2], widths[0], halving).tap("patch_embed")
    for (stage, depth) in depths.enumerated() {
      let layer = scope["layers"][stage]
      for block in 0..<depth {
        x =
          stage == 0
          ? mobile(x, layer["blocks"][block]) : transformer(x, layer["blocks"][block], window: windows[stage])
        tapTokens(x, "stage\(stage)_block\(block)", asPicture: stage == 0)
      }
      if stage < 3 { x = merged(x, layer["downsample"], channels: widths[stage + 1]) }
      tapTokens(x, "stage\(stage)", asPicture: false)
      if stage == 1 { x.transpose([0, 2, 3, 1]).tap("interm_embedding") }
    }
    graph.output("neck", ViTEncoderGraph.neck(x, scope["neck"]))
  }

  /// The reference keeps pictures in the first stage and tokens [1, height * width, channels] later.
  private static func tapTokens(_ x: Value, _ name: String, asPicture: Bool) {
    (asPicture ? x : x.flatten(2...3).transpose([0, 2, 1])).tap(name)
  }

  private static func norm(
    _ x: Value, _ scope: WeightScope, _ channels: Int, _ window: Window, groups: Int = 1
  ) -> Value {
    x.conv(scope["c"], channels: channels, window, groups: groups, bias: false).batchNorm(scope["bn"])
  }

  private static func mobile(_ x: Value, _ scope: WeightScope) -> Value {
    let (narrow, wide) = (x.shape[1], x.shape[1] * 4)
    var y = norm(x, scope["conv1"], wide, Window(1)).gelu()
    y = norm(y, scope["conv2"], wide, Window(3, padding: 1), groups: wide).gelu()
    return (norm(y, scope["conv3"], narrow, Window(1)) + x).gelu()
  }

  private static func merged(_ x: Value, _ scope: WeightScope, channels: Int) -> Value {
    let stride = channels == 320 ? 1 : 2
    var y = norm(x, scope["conv1"], channels, Window(1)).gelu()
    y = norm(y, scope["conv2"], channels, Window(3, stride: stride, padding: 1), groups: channels).gelu()
    return norm(y, scope["conv3"], channels, Window(1))
  }

  private static func transformer(_ x: Value, _ scope: WeightScope, window: Int) -> Value {
    let channels = x.shape[1]
    let tokens = x.transpose([0, 2, 3, 1])
    // Padding comes before the norm: a padded token is the norm's bias, and is attended to.
    let cut = AttentionWindows(tokens, side: window)
    let attended = tokens + cut.joined(attention(cut.windows, scope["attn"]))
    let local = norm(
      attended.transpose([0, 3, 1, 2]), scope["local_conv"], channels, Window(3, padding: 1), groups: channels
    ).transpose([0, 2, 3, 1])
    let mlp = scope["mlp"]
    let inner = local.layerNorm(mlp["norm"]).linear(mlp["fc1"], 4 * channels).gelu().linear(mlp["fc2"], channels)
    return (local + inner).transpose([0, 3, 1, 2])
  }

  /// Within windows [count, side, side, channels]; the bias is looked up by the distances down and across.
  private static func attention(_ windows: Value, _ scope: WeightScope) -> Value {
    let graph = windows.graph
    let (count, side, channels) = (windows.shape[0], windows.shape[1], windows.shape[3])
    let (heads, tokens) = (channels / headWidth, side * side)
    let mixed = windows.layerNorm(scope["norm"]).linear(scope["qkv"], 3 * channels)
      .reshape([count, tokens, heads, 3, headWidth]).transpose([3, 0, 2, 1, 4])
    let parts = (0..<3).map { mixed.slice(0, $0, $0 + 1).reshape([count, heads, tokens, headWidth]) }
    let distances = (0..<tokens).flatMap { a in
      (0..<tokens).map { b in abs(a / side - b / side) * side + abs(a % side - b % side) }
    }
    let bias = graph.weight(scope["attention_biases"], [heads, tokens])
      .gather(graph.integers(distances, [tokens, tokens]), 1)
    let logits = (parts[0] * (1 / Float(headWidth).squareRoot())).matmul(parts[1].transposed) + bias
    return logits.softmax().matmul(parts[2]).transpose([0, 2, 1, 3]).reshape([count, side, side, channels])
      .linear(scope["proj"], channels)
  }
}
