extension Value {
  public func relu() -> Value { unary("Relu") }
  public func sigmoid() -> Value { unary("Sigmoid") }
  public func tanh() -> Value { unary("Tanh") }
  /// x * sigmoid(x).
  public func silu() -> Value { self * sigmoid() }
  /// The exact one, by the error function.
  public func gelu() -> Value { unary("Gelu") }
  public func leakyRelu(_ slope: Float) -> Value { unary("LeakyRelu", ["alpha": .float(slope)]) }
  public func softmax(_ axis: Int = -1) -> Value { unary("Softmax", ["axis": .int(self.axis(axis))]) }

  /// Batch norm of [batch, channels, …] by its stored statistics.
  public func batchNorm(_ scope: WeightScope, epsilon: Float = 1e-5) -> Value {
    let parts = ["weight", "bias", "running_mean", "running_var"].map { graph.weight(scope[$0], [shape[1]]) }
    return graph.node("BatchNormalization", [self] + parts, ["epsilon": .float(epsilon)], shape: shape)
  }

  /// Layer norm over the last axis.
  public func layerNorm(_ scope: WeightScope, epsilon: Float = 1e-5) -> Value {
    let size = [shape[rank - 1]]
    let parts = [graph.weight(scope["weight"], size), graph.weight(scope["bias"], size)]
    return graph.node(
      "LayerNormalization", [self] + parts, ["axis": .int(-1), "epsilon": .float(epsilon)], shape: shape)
  }

  /// Layer norm over the channels of [batch, channels, height, width], each position alone.
  public func channelNorm(_ scope: WeightScope, epsilon: Float = 1e-6) -> Value {
    transpose([0, 2, 3, 1]).layerNorm(scope, epsilon: epsilon).transpose([0, 3, 1, 2])
  }

  /// Group norm of [batch, channels, …].
  public func groupNorm(_ scope: WeightScope, groups: Int, epsilon: Float = 1e-5) -> Value {
    let parts = reshape([shape[0], groups, -1])
    let ones = graph.constant([Float](repeating: 1, count: groups), [groups])
    let zeros = graph.constant([Float](repeating: 0, count: groups), [groups])
    let normal = graph.node(
      "InstanceNormalization", [parts, ones, zeros], ["epsilon": .float(epsilon)], shape: parts.shape)
    let channels = [shape[1]] + [Int](repeating: 1, count: rank - 2)
    return normal.reshape(shape) * graph.weight(scope["weight"], [shape[1]]).reshape(channels)
      + graph.weight(scope["bias"], [shape[1]]).reshape(channels)
  }
}
