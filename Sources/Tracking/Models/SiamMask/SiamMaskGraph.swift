import NeuralGraph

/// The graphs of SiamMask with refinement (Wang et al., CVPR 2019: "Fast Online Object Tracking and Segmentation").
///
/// Pictures are [1, 3, side, side] in levels 0…255, without normalisation.
enum SiamMaskGraph {
  struct Features {
    /// p0…p3: 64, 256, 512 and 1024 channels.
    let levels: [Value]
    /// 256 channels, cropped to its middle for a template.
    let neck: Value
  }

  static let heads = ["cls", "loc", "mask"]
  private static let root = WeightScope()

  // MARK: Backbone

  /// ResNet-50 up to its third stage, whose stride is kept at 8, and the neck.
  static func features(_ picture: Value) -> Features {
    let scope = root["features"]["features"]
    let p0 = picture.conv(scope["conv1"], channels: 64, Window(7, stride: 2), bias: false)
      .batchNorm(scope["bn1"]).relu().tap("p0")
    var x = p0.maxPool(Window(3, stride: 2, padding: 1))
    var levels = [p0]
    let stages = [
      Stage(name: "layer1", blocks: 3, width: 64), Stage(name: "layer2", blocks: 4, width: 128, stride: 2),
      Stage(name: "layer3", blocks: 6, width: 256, dilation: 2),
    ]
    for (index, stage) in stages.enumerated() {
      for block in 0..<stage.blocks { x = bottleneck(x, scope[stage.name][block], stage, isFirst: block == 0) }
      levels.append(x.tap("p\(index + 1)"))
    }
    let adjust = root["features"]["downsample"]["downsample"]
    var neck = x.conv(adjust[0], channels: 256, Window(1), bias: false).batchNorm(adjust[1])
    // A template's borders saw padding.
    if neck.shape[3] < 20 { neck = neck.slice(2, 4, neck.shape[2] - 4).slice(3, 4, neck.shape[3] - 4) }
    return Features(levels: levels, neck: neck.tap("neck"))
  }

  private struct Stage {
    var name: String
    var blocks: Int
    var width: Int
    var stride = 1
    var dilation = 1
  }

  private static func bottleneck(_ x: Value, _ scope: WeightScope, _ stage: Stage, isFirst: Bool) -> Value {
    let reach = isFirst ? max(1, stage.dilation / 2) : stage.dilation
    let stride = isFirst ? stage.stride : 1
    let padding = stride == 2 ? 0 : reach
    let out = stage.width * 4
    var y = x.conv(scope["conv1"], channels: stage.width, Window(1), bias: false).batchNorm(scope["bn1"]).relu()
    y = y.conv(
      scope["conv2"], channels: stage.width, Window(3, stride: stride, padding: padding, dilation: reach), bias: false
    ).batchNorm(scope["bn2"]).relu()
    y = y.conv(scope["conv3"], channels: out, Window(1), bias: false).batchNorm(scope["bn3"])
    guard isFirst else { return (y + x).relu() }
    let shortcut = scope["downsample"]
    let window = stage.name == "layer1" ? Window(1) : Window(3, stride: stride, padding: padding)
    return (y + x.conv(shortcut[0], channels: out, window, bias: false).batchNorm(shortcut[1])).relu()
  }

  // MARK: Heads

  private static func head(_ name: String) -> WeightScope {
    name == "mask" ? root["mask_model"]["mask"] : root["rpn_model"][name]
  }

  private static func adjusted(_ neck: Value, _ scope: WeightScope) -> Value {
    neck.conv(scope[0], channels: 256, Window(3), bias: false).batchNorm(scope[1]).relu()
  }

  /// Channel by channel, the search map under the template's map as a kernel.
  private static func correlation(_ search: Value, _ kernel: Value) -> Value {
    let window = Window(kernel: Array(kernel.shape[2...]), padding: [0, 0])
    return search.conv(kernel.transpose([1, 0, 2, 3]), window, groups: 256)
  }

  private static func answer(_ correlation: Value, _ scope: WeightScope, channels: Int) -> Value {
    correlation.conv(scope["head"][0], channels: 256, Window(1), bias: false).batchNorm(scope["head"][1]).relu()
      .conv(scope["head"][3], channels: channels, Window(1))
  }

  // MARK: Parts

  /// `template` -> one kernel for each head; features as taps.
  static func template(_ graph: GraphBuilder, side: Int) {
    let features = features(graph.input("template", [1, 3, side, side]))
    for name in heads { graph.output(name, adjusted(features.neck, head(name)["conv_kernel"])) }
  }

  /// `search` and the kernels -> `cls`, `loc`, `mask_corr` and the features p0…p2 that refinement needs.
  static func search(_ graph: GraphBuilder, side: Int, kernel: [Int]) {
    let features = features(graph.input("search", [1, 3, side, side]))
    for (name, channels) in zip(heads, [10, 20, 0]) {
      let scope = head(name)
      let search = adjusted(features.neck, scope["conv_search"])
      let correlation = correlation(search, graph.input(name + "_kernel", kernel))
      if name == "mask" {
        graph.output("mask_corr", correlation)
      } else {
        graph.output(name, answer(correlation.tap(name + "_corr"), scope, channels: channels))
      }
    }
    for level in 0..<3 { graph.output("p\(level)", features.levels[level]) }
  }

  /// `mask_corr` -> the 63x63 mask of each cell, as channels; not used where masks are refined.
  static func maskHead(_ graph: GraphBuilder, shape: [Int]) {
    graph.output("mask_head", answer(graph.input("mask_corr", shape), head("mask"), channels: 63 * 63))
  }

  static let outputSide = 127
  /// The windows of p0, p1 and p2 that belong to a cell.
  static let windowSides = [61, 31, 15]

  /// The windows p0…p2 and the correlation's vector at a cell -> `mask` [1, 127 * 127], before the sigmoid.
  static func refinement(_ graph: GraphBuilder) {
    let scope = root["refine_model"]
    let windows = zip([64, 256, 512], windowSides).enumerated().map { level, size in
      graph.input("p\(level)", [1, size.0, size.1, size.1])
    }
    var out = graph.input("vector", [1, 256, 1, 1])
      .convTranspose(scope["deconv"], channels: 32, Window(15, stride: 15)).tap("deconv")
    let steps = [(level: 2, side: 31), (level: 1, side: 61), (level: 0, side: outputSide)]
    for (index, step) in steps.enumerated() {
      let own = [32, 16, 4][index]
      let horizontal = twice(out, scope["h\(step.level)"], inner: own, out: own)
      let vertical = twice(windows[step.level], scope["v\(step.level)"], inner: own * 4, out: own)
      out = (horizontal + vertical).resize([step.side, step.side], .nearest)
        .conv(scope["post\(index)"], channels: [16, 4, 1][index], Window(3, padding: 1)).tap("post\(index)")
    }
    graph.output("mask", out.reshape([1, outputSide * outputSide]))
  }

  private static func twice(_ x: Value, _ scope: WeightScope, inner: Int, out: Int) -> Value {
    x.conv(scope[0], channels: inner, Window(3, padding: 1)).relu()
      .conv(scope[2], channels: out, Window(3, padding: 1)).relu()
  }
}
