import NeuralGraph

/// SAM's image encoder (Kirillov et al. 2023): a plain vision transformer with attention in windows, and over the whole
/// picture in a few blocks, with decomposed relative positions (Li et al. 2022).
struct ViTEncoderGraph {
  let shape: SamArchitecture.ViTShape
  private let scope = WeightScope("image_encoder")
  private static let epsilon: Float = 1e-6
  private static let patch = 16

  init(_ shape: SamArchitecture.ViTShape) { self.shape = shape }

  /// `image` [1, 3, 1024, 1024] -> `neck` [1, 256, 64, 64], and `interm_embedding` [1, 64, 64, channels], the first global
  /// block's result, as a tap.
  func build(_ graph: GraphBuilder) {
    let (grid, channels) = (SamArchitecture.grid, shape.channels)
    let image = graph.input("image", [1, 3, SamArchitecture.side, SamArchitecture.side])
    let patches = image.conv(scope["patch_embed"]["proj"], channels: channels, Window(Self.patch, stride: Self.patch))
    var x = patches.transpose([0, 2, 3, 1]).tap("patch_embed")
    x = x + graph.weight(scope["pos_embed"], [1, grid, grid, channels])
    let early = shape.isGlobal.firstIndex(of: true)
    for index in shape.isGlobal.indices {
      x = block(x, scope["blocks"][index], index).tap("block\(index)")
      if index == early { x.tap("interm_embedding") }
    }
    graph.output("neck", Self.neck(x.transpose([0, 3, 1, 2]), scope["neck"]))
  }

  /// Channels to 256; shared with the TinyViT encoder.
  static func neck(_ x: Value, _ scope: WeightScope) -> Value {
    x.conv(scope[0], channels: 256, Window(1), bias: false).channelNorm(scope[1])
      .conv(scope[2], channels: 256, Window(3, padding: 1), bias: false).channelNorm(scope[3])
  }

  private func block(_ x: Value, _ scope: WeightScope, _ index: Int) -> Value {
    let normal = x.layerNorm(scope["norm1"], epsilon: Self.epsilon)
    let attended: Value
    if shape.isGlobal[index] {
      attended = attention(normal, scope["attn"]).tap("block\(index)_attn")
    } else {
      let windows = AttentionWindows(normal, side: shape.window)
      let result = attention(windows.windows, scope["attn"]).tap("block\(index)_attn_windows")
      attended = windows.joined(result).tap("block\(index)_attn")
    }
    let y = x + attended
    let inner = y.layerNorm(scope["norm2"], epsilon: Self.epsilon)
    let mlp = scope["mlp"]
    return y + inner.linear(mlp["lin1"], 4 * shape.channels).gelu().linear(mlp["lin2"], shape.channels)
  }

  /// [batch, side, side, channels] -> the same.
  private func attention(_ x: Value, _ scope: WeightScope) -> Value {
    let (batch, side, heads) = (x.shape[0], x.shape[1], shape.heads)
    let width = shape.channels / heads
    let mixed = x.linear(scope["qkv"], 3 * shape.channels).reshape([batch, side * side, 3, heads, width])
      .transpose([2, 0, 3, 1, 4])
    let parts = (0..<3).map { mixed.slice(0, $0, $0 + 1).reshape([batch * heads, side * side, width]) }
    let vertical = positions(parts[0], x, scope["rel_pos_h"], alongRows: true)
    let horizontal = positions(parts[0], x, scope["rel_pos_w"], alongRows: false)
    let query = parts[0] * (1 / Float(width).squareRoot())
    let attended: Value
    if batch == 1 {
      attended = inPieces(query, parts[1], parts[2], vertical, horizontal, side: side)
    } else {
      attended = Self.attend(query, parts[1].transposed, parts[2], vertical, horizontal, side: side)
    }
    return attended.reshape([batch, heads, side * side, width]).transpose([0, 2, 1, 3])
      .reshape([batch, side, side, shape.channels]).linear(scope["proj"], shape.channels)
  }

  /// The terms of the logits that depend on the distance along one axis, [batch * heads, side, side, side]: query row, query
  /// column, key row (or column). The query is not scaled here.
  private func positions(_ query: Value, _ x: Value, _ table: WeightScope, alongRows: Bool) -> Value {
    let (side, width) = (x.shape[1], query.shape[2])
    let distances = (0..<side).flatMap { query in (0..<side).map { query - $0 + side - 1 } }
    let graph = query.graph
    let vectors = graph.weight(table, [2 * side - 1, width]).gather(graph.integers(distances, [side, side]))
      .transpose([0, 2, 1])
    let image = query.reshape([query.shape[0], side, side, width])
    if alongRows { return image.matmul(vectors) }
    return image.transpose([0, 2, 1, 3]).matmul(vectors).transpose([0, 2, 1, 3])
  }

  /// Logits of one head over the whole picture take 64 MB: heads and bands of rows are done one after another, so that
  /// only a band's are held.
  private func inPieces(
    _ query: Value, _ key: Value, _ value: Value, _ vertical: Value, _ horizontal: Value, side: Int
  ) -> Value {
    let graph = query.graph
    let heads = (0..<query.shape[0]).map { head -> Value in
      func own(_ x: Value) -> Value { x.slice(0, head, head + 1) }
      let keys = own(key).transposed
      let values = own(value)
      let bands = stride(from: 0, to: side, by: Self.bandRows).map { top -> Value in
        let bottom = min(side, top + Self.bandRows)
        func band(_ x: Value) -> Value { own(x).slice(1, top, bottom) }
        let queries = own(query).slice(1, top * side, bottom * side)
        return Self.attend(queries, keys, values, band(vertical), band(horizontal), side: side)
      }
      return graph.concat(bands, 1)
    }
    return graph.concat(heads, 0)
  }

  private static let bandRows = 16

  private static func attend(
    _ query: Value, _ keys: Value, _ value: Value, _ vertical: Value, _ horizontal: Value, side: Int
  ) -> Value {
    let (batch, count) = (query.shape[0], query.shape[1])
    let rows = count / side
    let positions = vertical.reshape([batch, rows, side, side, 1]) + horizontal.reshape([batch, rows, side, 1, side])
    let logits = query.matmul(keys) + positions.reshape([batch, count, side * side])
    return logits.softmax().matmul(value)
  }
}

/// A picture [1, height, width, channels] cut into square windows, padded with zeros at bottom and right.
struct AttentionWindows {
  /// [count, side, side, channels].
  let windows: Value
  private let source: [Int]
  private let across: Int
  private let down: Int

  init(_ x: Value, side: Int) {
    let (height, width, channels) = (x.shape[1], x.shape[2], x.shape[3])
    source = x.shape
    down = (height + side - 1) / side
    across = (width + side - 1) / side
    let padded = x.pad(before: [0, 0, 0, 0], after: [0, down * side - height, across * side - width, 0])
    windows = padded.reshape([down, side, across, side, channels]).transpose([0, 2, 1, 3, 4])
      .reshape([down * across, side, side, channels])
  }

  /// Puts results of the windows' shape together again, without the padding.
  func joined(_ results: Value) -> Value {
    let side = windows.shape[1]
    return results.reshape([down, across, side, side, source[3]]).transpose([0, 2, 1, 3, 4])
      .reshape([1, down * side, across * side, source[3]]).slice(1, 0, source[1]).slice(2, 0, source[2])
  }
}
