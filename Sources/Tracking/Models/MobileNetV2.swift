import NeuralGraph

/// MobileNetV2 (Sandler et al. 2018) kept at a sixteenth of the picture, by dilation.
enum MobileNetV2 {
  /// Blocks that repeat: how far they widen, their channels, how often, stride and the dilation of the first and the others.
  private struct Run {
    var expansion = 6
    var channels: Int
    var count: Int
    var stride = 1
    var dilations = (first: 1, others: 1)
  }

  private static let runs = [
    Run(expansion: 1, channels: 16, count: 1), Run(channels: 24, count: 2, stride: 2),
    Run(channels: 32, count: 3, stride: 2), Run(channels: 64, count: 4, stride: 2), Run(channels: 96, count: 3),
    Run(channels: 160, count: 3, dilations: (1, 2)), Run(channels: 320, count: 1, dilations: (2, 2)),
  ]

  /// The maps after 24, 32, 96 and 1280 channels.
  static func features(_ picture: Value, _ scope: WeightScope) -> [Value] {
    var x = activated(picture, scope[0], channels: 32, Window(3, stride: 2, padding: 1))
    var maps: [Value] = []
    var index = 1
    for run in runs {
      for block in 0..<run.count {
        let dilation = block == 0 ? run.dilations.first : run.dilations.others
        let window = Window(3, stride: block == 0 ? run.stride : 1, padding: dilation, dilation: dilation)
        x = inverted(x, scope[index]["conv"], expansion: run.expansion, channels: run.channels, window)
        index += 1
      }
      if [24, 32, 96].contains(run.channels) { maps.append(x) }
    }
    return maps + [activated(x, scope[index], channels: 1280, Window(1))]
  }

  private static func activated(
    _ x: Value, _ scope: WeightScope, channels: Int, _ window: Window, groups: Int = 1
  ) -> Value {
    x.conv(scope[0], channels: channels, window, groups: groups, bias: false).batchNorm(scope[1]).clamped(0, 6)
  }

  private static func inverted(
    _ x: Value, _ scope: WeightScope, expansion: Int, channels: Int, _ window: Window
  ) -> Value {
    let inner = x.shape[1] * expansion
    let first = expansion == 1 ? 0 : 1
    var y = expansion == 1 ? x : activated(x, scope[0], channels: inner, Window(1))
    y = activated(y, scope[first], channels: inner, window, groups: inner)
    y = y.conv(scope[first + 1], channels: channels, Window(1), bias: false).batchNorm(scope[first + 2])
    return window.stride == 1 && x.shape[1] == channels ? x + y : y
  }
}
