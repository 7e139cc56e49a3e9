extension Value {
  public func mean(_ axes: [Int], keepingAxes: Bool = true) -> Value { reduce("ReduceMean", axes, keepingAxes) }
  public func sum(_ axes: [Int], keepingAxes: Bool = true) -> Value { reduce("ReduceSum", axes, keepingAxes) }
  public func max(_ axes: [Int], keepingAxes: Bool = true) -> Value { reduce("ReduceMax", axes, keepingAxes) }
  public func product(_ axes: [Int], keepingAxes: Bool = true) -> Value { reduce("ReduceProd", axes, keepingAxes) }

  private func reduce(_ operation: String, _ axes: [Int], _ keepingAxes: Bool) -> Value {
    let axes = axes.map { self.axis($0) }
    let sizes = shape.indices.compactMap { axes.contains($0) ? (keepingAxes ? 1 : nil) : shape[$0] }
    return graph.node(
      operation, [self, graph.integers(axes)], ["keepdims": .int(keepingAxes ? 1 : 0)], shape: sizes, type: type)
  }

  /// The index of the greatest element along `axis`, the first of equals, as int64.
  public func argmax(_ axis: Int, keepingAxis: Bool = false) -> Value {
    let axis = self.axis(axis)
    var sizes = shape
    if keepingAxis { sizes[axis] = 1 } else { sizes.remove(at: axis) }
    return graph.node(
      "ArgMax", [self], ["axis": .int(axis), "keepdims": .int(keepingAxis ? 1 : 0)], shape: sizes, type: .int64)
  }

  /// The `count` greatest elements along `axis`, in falling order, and where they were (int64).
  public func topK(_ count: Int, _ axis: Int = -1) -> (values: Value, indices: Value) {
    let axis = self.axis(axis)
    var sizes = shape
    sizes[axis] = count
    let results = graph.nodes(
      "TopK", [self, graph.integers([count])], ["axis": .int(axis)], results: [(sizes, type), (sizes, .int64)])
    return (results[0], results[1])
  }

  /// The slices of `axis` that int64 `indices` name; their shape takes the axis' place.
  public func gather(_ indices: Value, _ axis: Int = 0) -> Value {
    let axis = self.axis(axis)
    let sizes = Array(shape[..<axis]) + indices.shape + Array(shape[(axis + 1)...])
    return graph.node("Gather", [self, indices], ["axis": .int(axis)], shape: sizes, type: type)
  }

  public func gather(_ indices: [Int], _ axis: Int = 0) -> Value { gather(graph.integers(indices), axis) }

  /// For each of `indices` (of this rank) the element there along `axis`.
  public func gatherElements(_ indices: Value, _ axis: Int) -> Value {
    graph.node("GatherElements", [self, indices], ["axis": .int(self.axis(axis))], shape: indices.shape, type: type)
  }

  /// This with `updates` written where `indices` say along `axis`.
  public func scatterElements(_ indices: Value, _ updates: Value, _ axis: Int) -> Value {
    graph.node(
      "ScatterElements", [self, indices, updates], ["axis": .int(self.axis(axis))], shape: shape, type: type)
  }

  public func cumulativeSum(_ axis: Int) -> Value {
    graph.node("CumSum", [self, graph.integers([self.axis(axis)], [])], shape: shape, type: type)
  }

  /// PyTorch's `unfold`: sliding blocks of [batch, channels, height, width], [batch, channels * taps, positions].
  public func unfold(_ window: Window) -> Value {
    let padded = pad(
      top: window.padding[0], left: window.padding[1], bottom: window.padding[0], right: window.padding[1])
    let positions = window.sizes(shape[2...])
    var indices: [Int] = []
    for dy in 0..<window.kernel[0] {
      for dx in 0..<window.kernel[1] {
        for y in 0..<positions[0] {
          let row = (y * window.stride + dy * window.dilation) * padded.shape[3]
          for x in 0..<positions[1] { indices.append(row + x * window.stride + dx * window.dilation) }
        }
      }
    }
    let taps = window.kernel.reduce(1, *)
    let blocks = padded.flatten(2...3).gather(graph.integers(indices, [taps, positions[0] * positions[1]]), 2)
    return blocks.reshape([shape[0], shape[1] * taps, positions[0] * positions[1]])
  }

  /// PyTorch's `fold`: [batch, channels * taps, positions] of sliding blocks added up to [batch, channels, height, width].
  public func fold(_ height: Int, _ width: Int, _ window: Window) -> Value {
    let taps = window.kernel.reduce(1, *)
    let positions = window.sizes([height, width])
    if shape[1] % taps != 0 || shape[2] != positions.reduce(1, *) {
      graph.note("\(shape) are no blocks of \(window.kernel) over \(height)x\(width)")
    }
    return graph.node(
      "Col2Im", [self, graph.integers([height, width]), graph.integers(window.kernel)],
      [
        "strides": .ints([window.stride, window.stride]), "pads": .ints(window.padding + window.padding),
        "dilations": .ints([window.dilation, window.dilation]),
      ], shape: [shape[0], shape[1] / taps, height, width])
  }
}
