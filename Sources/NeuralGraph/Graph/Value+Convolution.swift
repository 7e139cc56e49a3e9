/// How a convolution walks: kernel, stride, padding on each side and dilation, the same on both axes of the picture.
public struct Window: Sendable {
  public var kernel: [Int]
  public var stride: Int
  public var padding: [Int]
  public var dilation: Int

  public init(_ kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    self.kernel = [kernel, kernel]
    self.stride = stride
    self.padding = [padding, padding]
    self.dilation = dilation
  }

  /// A kernel and padding for each axis, as many as the picture has (two, or three for volumes).
  public init(kernel: [Int], stride: Int = 1, padding: [Int], dilation: Int = 1) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The sizes after the walk; at least 0.
  func sizes(_ input: ArraySlice<Int>) -> [Int] {
    zip(input, zip(kernel, padding)).map { size, axis in
      let reach = dilation * (axis.0 - 1) + 1
      return GraphBuilder.isSymbol(size) ? size : Swift.max(0, (size + 2 * axis.1 - reach) / stride + 1)
    }
  }

  func attributes(_ others: [String: OnnxAttribute] = [:]) -> [String: OnnxAttribute] {
    let axes = kernel.count
    let own: [String: OnnxAttribute] = [
      "kernel_shape": .ints(kernel), "strides": .ints([Int](repeating: stride, count: axes)),
      "pads": .ints(padding + padding), "dilations": .ints([Int](repeating: dilation, count: axes)),
    ]
    return own.merging(others) { $1 }
  }
}

extension Value {
  /// A convolution of [batch, channels, height, width] (or a volume, by the window's axes) with `weight` and, unless the
  /// layer has none, `bias` under `scope`.
  public func conv(
    _ scope: WeightScope, channels: Int, _ window: Window, groups: Int = 1, bias: Bool = true
  ) -> Value {
    guard rank == window.kernel.count + 2 else {
      graph.note("a convolution over \(window.kernel.count) axes of \(shape)")
      return self
    }
    let weight = graph.weight(scope["weight"], [channels, shape[1] / groups] + window.kernel)
    let bias = bias ? graph.weight(scope["bias"], [channels]) : nil
    return conv(weight, bias: bias, window, groups: groups)
  }

  /// A convolution with a kernel [channels, channels in / groups, …] that is itself a value.
  public func conv(_ kernel: Value, bias: Value? = nil, _ window: Window, groups: Int = 1) -> Value {
    if kernel.rank != rank || kernel.shape[1] * groups != shape[1] || Array(kernel.shape[2...]) != window.kernel {
      graph.note("a kernel of \(kernel.shape) in \(groups) groups on \(shape)")
      return self
    }
    let sizes = window.sizes(shape[2...])
    if sizes.contains(0) { graph.note("nothing is left of \(shape) under a window of \(window.kernel)") }
    return graph.node(
      "Conv", [self, kernel, bias],
      window.attributes(["group": .int(groups)]), shape: [shape[0], kernel.shape[0]] + sizes)
  }

  /// A transposed convolution; `weight` is [channels in, channels / groups, kernel, kernel].
  public func convTranspose(
    _ scope: WeightScope, channels: Int, _ window: Window, outputPadding: Int = 0, groups: Int = 1, bias: Bool = true
  ) -> Value {
    let weight = graph.weight(scope["weight"], [shape[1], channels / groups] + window.kernel)
    let bias = bias ? graph.weight(scope["bias"], [channels]) : nil
    let sizes = zip(shape[2...], zip(window.kernel, window.padding)).map { size, axis in
      (size - 1) * window.stride - 2 * axis.1 + window.dilation * (axis.0 - 1) + outputPadding + 1
    }
    let extra = [Int](repeating: outputPadding, count: window.kernel.count)
    return graph.node(
      "ConvTranspose", [self, weight, bias],
      window.attributes(["group": .int(groups), "output_padding": .ints(extra)]),
      shape: [shape[0], channels] + sizes)
  }

  /// Deformable convolution v2 (Zhu et al. 2019): offsets [batch, 2 * taps * offsetGroups, height, width] as (y, x) for each
  /// tap, row-major; a mask [batch, taps * offsetGroups, height, width] multiplies; zero outside.
  public func deformConv(
    _ scope: WeightScope, channels: Int, _ window: Window, offsets: Value, mask: Value, offsetGroups: Int,
    bias: Bool = true
  ) -> Value {
    let weight = graph.weight(scope["weight"], [channels, shape[1]] + window.kernel)
    let bias = bias ? graph.weight(scope["bias"], [channels]) : nil
    let taps = window.kernel.reduce(1, *) * offsetGroups
    if offsets.shape[1] != 2 * taps || mask.shape[1] != taps {
      graph.note("offsets \(offsets.shape) and a mask \(mask.shape) for \(taps) taps")
    }
    return graph.node(
      "DeformConv", [self, weight, offsets, bias, mask],
      window.attributes(["group": .int(1), "offset_group": .int(offsetGroups)]),
      shape: [shape[0], channels] + window.sizes(shape[2...]))
  }

  public func maxPool(_ window: Window) -> Value {
    graph.node("MaxPool", [self], window.attributes(), shape: Array(shape[..<2]) + window.sizes(shape[2...]))
  }

  /// - Parameter countingPadding: whether padded zeros count in the mean.
  public func averagePool(_ window: Window, countingPadding: Bool = true) -> Value {
    let attributes = window.attributes(["count_include_pad": .int(countingPadding ? 1 : 0)])
    return graph.node("AveragePool", [self], attributes, shape: Array(shape[..<2]) + window.sizes(shape[2...]))
  }

  /// The fully connected layer over the last axis: `weight` is [channels, channels in].
  public func linear(_ scope: WeightScope, _ channels: Int, bias: Bool = true) -> Value {
    linear(
      graph.weight(scope["weight"], [channels, shape[rank - 1]]),
      bias: bias ? graph.weight(scope["bias"], [channels]) : nil)
  }

  /// A fully connected layer whose [channels, channels in] is itself a value.
  public func linear(_ weight: Value, bias: Value? = nil) -> Value {
    let inner = shape[rank - 1]
    if weight.rank != 2 || weight.shape[1] != inner { graph.note("a weight of \(weight.shape) on \(shape)") }
    let rows = rank == 2 ? self : reshape([-1, inner])
    // One Gemm packs the transposed weights once; a MatMul of three axes would transpose them by a node of its own.
    let product = graph.node(
      "Gemm", [rows, weight, bias], ["transB": .int(1)], shape: [rows.shape[0], weight.shape[0]])
    return rank == 2 ? product : product.reshape(Array(shape.dropLast()) + [weight.shape[0]])
  }
}
