import NeuralGraph

/// The graphs around the propagation of AOT (Yang, Wei and Yang, NeurIPS 2021: "Associating Objects with Transformers for Video
/// Object Segmentation") and DeAOT (Yang and Yang, NeurIPS 2022: "Decoupling Features in Hierarchical Propagation for Video
/// Object Segmentation").
///
/// Pictures are [1, 3, height, width], normalised by ImageNet's mean and deviation, sides 16 k + 1. Tokens are the positions of
/// the sixteenth-size map, row by row: [positions, channels].
struct DeAOTGraph: Sendable {
  let sizes: DeAOTSizes

  private static let root = WeightScope()
  // MARK: Pictures and labels

  /// `image` -> `f4`, `f8`, `f16`, `projected` and `tokens`.
  func encode(_ graph: GraphBuilder, height: Int, width: Int) {
    let maps = features(graph.input("image", [1, 3, height, width]))
    let projected = maps[3].conv(Self.root["encoder_projector"], channels: sizes.width, Window(1))
    for (name, value) in zip(["f4", "f8", "f16", "projected"], maps[..<3] + [projected]) { graph.output(name, value) }
    graph.output("tokens", projected.tokens)
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
    graph.output("tokens", sizes.propagation == .gated ? map.tokens.layerNorm(Self.root["id_norm"]) : map.tokens)
  }

  // MARK: Decoder

  /// `final`, `f4`, `f8`, `f16`, with transformers `projected` too -> `logits` [1, 1 + objects, rows, columns] at a quarter of
  /// the picture.
  func decode(_ graph: GraphBuilder, shapes: [[Int]]) {
    let scope = Self.root["decoder"]
    let (rows, columns) = (shapes[2][2], shapes[2][3])
    var map = graph.input("final", [rows * columns, sizes.final]).map(rows, columns)
    if sizes.propagation != .gated {
      map = graph.concat([graph.input("projected", [1, sizes.width, rows, columns]), map], 1)
    }
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
}

extension Value {
  /// [1, channels, rows, columns] as [positions, channels].
  var tokens: Value { transpose([0, 2, 3, 1]).reshape([shape[2] * shape[3], shape[1]]) }

  /// [positions, channels] as [1, channels, rows, columns].
  func map(_ rows: Int, _ columns: Int) -> Value {
    reshape([1, rows, columns, shape[1]]).transpose([0, 3, 1, 2])
  }
}
