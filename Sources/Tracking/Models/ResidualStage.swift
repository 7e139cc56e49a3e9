import NeuralGraph

/// Stages of residual networks (He et al. 2016), as torchvision lays them out: a bottleneck's stride is on its middle
/// convolution.
enum ResidualStage {
  /// A stage of bottlenecks; its output has four times `width` channels.
  static func bottlenecks(_ x: Value, _ scope: WeightScope, count: Int, width: Int, stride: Int) -> Value {
    (0..<count).reduce(x) { x, block in
      bottleneck(x, scope[block], width: width, stride: block == 0 ? stride : 1)
    }
  }

  private static func bottleneck(_ x: Value, _ scope: WeightScope, width: Int, stride: Int) -> Value {
    var y = x.conv(scope["conv1"], channels: width, Window(1), bias: false).batchNorm(scope["bn1"]).relu()
    y = y.conv(scope["conv2"], channels: width, Window(3, stride: stride, padding: 1), bias: false)
      .batchNorm(scope["bn2"]).relu()
    y = y.conv(scope["conv3"], channels: width * 4, Window(1), bias: false).batchNorm(scope["bn3"])
    return (y + shortcut(x, scope, channels: width * 4, stride: stride)).relu()
  }

  /// A stage of two 3x3 convolutions a block.
  static func basicBlocks(_ x: Value, _ scope: WeightScope, count: Int, width: Int, stride: Int) -> Value {
    (0..<count).reduce(x) { x, block in basicBlock(x, scope[block], width: width, stride: block == 0 ? stride : 1) }
  }

  private static func basicBlock(_ x: Value, _ scope: WeightScope, width: Int, stride: Int) -> Value {
    var y = x.conv(scope["conv1"], channels: width, Window(3, stride: stride, padding: 1), bias: false)
      .batchNorm(scope["bn1"]).relu()
    y = y.conv(scope["conv2"], channels: width, Window(3, padding: 1), bias: false).batchNorm(scope["bn2"])
    return (y + shortcut(x, scope, channels: width, stride: stride)).relu()
  }

  private static func shortcut(_ x: Value, _ scope: WeightScope, channels: Int, stride: Int) -> Value {
    if stride == 1 && x.shape[1] == channels { return x }
    return x.conv(scope["downsample"][0], channels: channels, Window(1, stride: stride), bias: false)
      .batchNorm(scope["downsample"][1])
  }
}
