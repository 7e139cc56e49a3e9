import NeuralGraph

/// VINet's parts as graphs (Kim et al., "Deep Video Inpainting", CVPR 2019).
///
/// A feed is [1, 5, height, width]: three colour planes in -1…1 with the hole at 0, ones, and the mask, 1 in the hole.
/// Levels are named by their size at a crop of 256 or, with `doubleSize`, 512.
enum VINetGraph {
  /// The levels of the flow, coarse to fine, with their channels.
  static let levels = [(name: "32", channels: 128), (name: "64", channels: 96), (name: "128", channels: 64)]
  static let fineChannels = 32

  /// A feed -> `32`, `64`, `128` and `256`.
  /// - Parameter doubleSize: halves the feed first.
  static func encoder(_ graph: GraphBuilder, reference: Bool, doubleSize: Bool, height: Int, width: Int) {
    let scope = WeightScope(reference ? "encoder1" : "encoder2")
    var x = graph.input("feed", [1, 5, height, width])
    x = gated(x, scope["ec0"], 32, stride: doubleSize ? 2 : 1)
    graph.output("256", x)
    x = gated(gated(x, scope["ec1"], 64, stride: 2), scope["ec2"], 64)
    graph.output("128", x)
    x = gated(gated(x, scope["ec3_1"], 96, stride: 2), scope["ec3_2"], 96)
    graph.output("64", x)
    x = gated(gated(gated(x, scope["ec4_1"], 128, stride: 2), scope["ec4"], 128), scope["ec5"], 128)
    graph.output("32", x)
  }

  /// A gated convolution (Yu et al. 2019): half of the channels say how much of the others passes.
  static func gated(_ x: Value, _ scope: WeightScope, _ channels: Int, stride: Int = 1, dilation: Int = 1) -> Value {
    let window = Window(3, stride: stride, padding: dilation, dilation: dilation)
    return passed(x.conv(scope["conv"], channels: 2 * channels, window, bias: false)) { $0.relu() }
  }

  static func passed(_ x: Value, _ activation: (Value) -> Value) -> Value {
    let halves = x.split(1, into: 2)
    return halves[1].sigmoid() * activation(halves[0])
  }

  /// Where the others show what the reference lacks, 0…1: [1, 1, height, width].
  static func occlusion(_ difference: Value, _ scope: WeightScope) -> Value {
    let half = difference.shape[1] / 2
    return difference.abs()
      .conv(scope["convs"][0][0], channels: half, Window(3, padding: 1)).leakyRelu(0.1)
      .conv(scope["convs"][1][0], channels: half, Window(3, padding: 1)).leakyRelu(0.1)
      .conv(scope["convs"][2], channels: 1, Window(3, padding: 1)).sigmoid()
  }

  static func doubled(_ x: Value, by factor: Int = 2) -> Value {
    x.resize([x.shape[2] * factor, x.shape[3] * factor], .bilinear(alignCorners: false))
  }
}
