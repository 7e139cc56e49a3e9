import NeuralGraph

/// E2FGVI's parts as graphs (Li et al., "Towards an End-to-End Framework for Flow-Guided Video Inpainting", CVPR 2022).
///
/// Frames are [1, 3, height, width] in -1…1 with the hole at 0; features [1, 128, height / 4, width / 4].
enum E2FGVIGraph {
  static let channels = 128

  /// A frame -> `features`; taps `enc0`…`enc17`.
  static func encoder(_ graph: GraphBuilder, height: Int, width: Int) {
    let layers = WeightScope("encoder")["layers"]
    var x = graph.input("frame", [1, 3, height, width])
    for (index, layer) in [(64, 2), (64, 1), (128, 2), (256, 1)].enumerated() {
      x = tapped(x.conv(layers[2 * index], channels: layer.0, Window(3, stride: layer.1, padding: 1)), 2 * index)
    }
    let early = x
    x = tapped(x.conv(layers[8], channels: 384, Window(3, padding: 1)), 8)
    // From the tenth layer on, each group of the convolution sees its share of the early features too.
    for (index, layer) in [(512, 2), (384, 4), (256, 8), (128, 1)].enumerated() {
      let (channels, groups) = layer
      let shares = zip(early.split(1, into: groups), x.split(1, into: groups)).flatMap { [$0, $1] }
      let key = 10 + 2 * index
      x = tapped(
        graph.concat(shares, 1).conv(layers[key], channels: channels, Window(3, padding: 1), groups: groups), key)
    }
    graph.output("features", x)
  }

  /// The activation that follows layer `index`; it works in place, so that both carry its result.
  private static func tapped(_ x: Value, _ index: Int) -> Value {
    x.leakyRelu(0.2).tap("enc\(index)").tap("enc\(index + 1)")
  }

  /// Features -> `frame`, before tanh, and `picture`, after it.
  static func decoder(_ graph: GraphBuilder, height: Int, width: Int) {
    let scope = WeightScope("decoder")
    var x = graph.input("features", [1, channels, height, width])
    x = doubled(x).conv(scope[0]["conv"], channels: 128, Window(3, padding: 1)).leakyRelu(0.2)
    x = x.conv(scope[2], channels: 64, Window(3, padding: 1)).leakyRelu(0.2)
    x = doubled(x).conv(scope[4]["conv"], channels: 64, Window(3, padding: 1)).leakyRelu(0.2)
    x = x.conv(scope[6], channels: 3, Window(3, padding: 1))
    graph.output("frame", x)
    graph.output("picture", x.tanh())
  }

  private static func doubled(_ x: Value) -> Value {
    x.resize([x.shape[2] * 2, x.shape[3] * 2], .bilinear(alignCorners: true))
  }
}
