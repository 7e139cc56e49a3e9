extension Value {
  /// The same elements in another shape; one size may be -1, to be worked out.
  public func reshape(_ sizes: [Int]) -> Value {
    if sizes == shape { return self }
    var result = sizes
    if let open = sizes.firstIndex(of: -1) {
      var rest = shape
      for size in sizes where size != -1 && GraphBuilder.isSymbol(size) {
        if let at = rest.firstIndex(of: size) { rest.remove(at: at) }
      }
      let symbols = rest.filter(GraphBuilder.isSymbol)
      let known = sizes.filter { $0 != -1 && !GraphBuilder.isSymbol($0) }.reduce(1, *)
      let total = rest.filter { !GraphBuilder.isSymbol($0) }.reduce(1, *)
      if symbols.count == 1 && total == known {
        result[open] = symbols[0]
      } else if symbols.isEmpty && known > 0 && total % known == 0 {
        result[open] = total / known
      } else {
        result[open] = symbols.isEmpty ? 1 : graph.freshDimension()
        if symbols.isEmpty { graph.note("\(shape) cannot become \(sizes)") }
      }
    } else if let (own, other) = comparable(shape, sizes), own != other {
      graph.note("\(shape) cannot become \(sizes)")
    }
    let target = graph.integers(result.map { GraphBuilder.isSymbol($0) ? -1 : $0 })
    if result.filter(GraphBuilder.isSymbol).count > 1 { graph.note("two open sizes in \(sizes)") }
    return graph.node("Reshape", [self, target], shape: result, type: type)
  }

  /// The known sizes multiplied, where both shapes have the same symbolic ones.
  private func comparable(_ first: [Int], _ second: [Int]) -> (Int, Int)? {
    func symbols(_ shape: [Int]) -> [Int] { shape.filter(GraphBuilder.isSymbol).sorted() }
    func product(_ shape: [Int]) -> Int { shape.filter { !GraphBuilder.isSymbol($0) }.reduce(1, *) }
    return symbols(first) == symbols(second) ? (product(first), product(second)) : nil
  }

  /// Joins the axes `range` into one.
  public func flatten(_ range: ClosedRange<Int>) -> Value {
    reshape(Array(shape[..<range.lowerBound]) + [-1] + Array(shape[(range.upperBound + 1)...]))
  }

  public func transpose(_ order: [Int]) -> Value {
    guard order.sorted() == Array(0..<rank) else {
      graph.note("\(order) is no order of the axes of \(shape)")
      return self
    }
    return graph.node("Transpose", [self], ["perm": .ints(order)], shape: order.map { shape[$0] }, type: type)
  }

  /// The last two axes swapped.
  public var transposed: Value {
    var order = Array(0..<rank)
    order.swapAt(rank - 1, rank - 2)
    return transpose(order)
  }

  public func expand(_ sizes: [Int]) -> Value {
    graph.node("Expand", [self, graph.integers(sizes)], shape: sizes, type: type)
  }

  public func unsqueeze(_ axis: Int) -> Value {
    var sizes = shape
    sizes.insert(1, at: axis < 0 ? axis + rank + 1 : axis)
    return graph.node("Unsqueeze", [self, graph.integers([axis])], shape: sizes, type: type)
  }

  public func squeeze(_ axis: Int) -> Value {
    var sizes = shape
    if sizes.remove(at: self.axis(axis)) != 1 { graph.note("axis \(axis) of \(shape) is not 1") }
    return graph.node("Squeeze", [self, graph.integers([axis])], shape: sizes, type: type)
  }

  /// The elements `start..<end` along `axis`, every `step`-th; an end beyond the size means all.
  public func slice(_ axis: Int, _ start: Int, _ end: Int, step: Int = 1) -> Value {
    let axis = self.axis(axis)
    var sizes = shape
    if GraphBuilder.isSymbol(sizes[axis]) {
      sizes[axis] = graph.freshDimension()
    } else {
      let end = Swift.min(end, sizes[axis])
      if start < 0 || end < start { graph.note("no elements \(start)..<\(end) along axis \(axis) of \(shape)") }
      sizes[axis] = Swift.max(0, (end - start + step - 1) / step)
    }
    let inputs = [[start], [end], [axis], [step]].map { graph.integers($0) }
    return graph.node("Slice", [self] + inputs, shape: sizes, type: type)
  }

  /// Parts of the given sizes along `axis`.
  public func split(_ axis: Int, _ sizes: [Int]) -> [Value] {
    let axis = self.axis(axis)
    if sizes.reduce(0, +) != shape[axis] { graph.note("\(sizes) do not part axis \(axis) of \(shape)") }
    let shapes = sizes.map { size in
      var part = shape
      part[axis] = size
      return (part, type)
    }
    return graph.nodes("Split", [self, graph.integers(sizes)], ["axis": .int(axis)], results: shapes)
  }

  /// `count` parts of equal size along `axis`.
  public func split(_ axis: Int, into count: Int) -> [Value] {
    split(axis, [Int](repeating: shape[self.axis(axis)] / count, count: count))
  }

  public enum Padding: String, Sendable {
    case constant, reflect, edge
  }

  /// Pads an image batch (the last two axes) by so many elements; negative ones crop.
  public func pad(
    top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0, _ mode: Padding = .constant, value: Float = 0
  ) -> Value {
    let before = [Int](repeating: 0, count: rank - 2)
    return pad(before: before + [top, left], after: before + [bottom, right], mode, value: value)
  }

  public func pad(before: [Int], after: [Int], _ mode: Padding = .constant, value: Float = 0) -> Value {
    if (before + after).allSatisfy({ $0 == 0 }) { return self }
    guard before.count == rank, after.count == rank else {
      graph.note("padding of \(before.count) axes for \(shape)")
      return self
    }
    let sizes = shape.indices.map { GraphBuilder.isSymbol(shape[$0]) ? shape[$0] : shape[$0] + before[$0] + after[$0] }
    return graph.node(
      "Pad", [self, graph.integers(before + after), graph.scalar(value)], ["mode": .string(mode.rawValue)], shape: sizes
    )
  }
}

extension GraphBuilder {
  public func concat(_ values: [Value], _ axis: Int) -> Value {
    guard let first = values.first else { preconditionFailure("nothing to join") }
    let axis = first.axis(axis)
    var shape = first.shape
    var total = 0
    for value in values {
      var other = value.shape
      guard other.count == shape.count else {
        note("cannot join \(values.map(\.shape))")
        break
      }
      total = Self.isSymbol(total) || Self.isSymbol(other[axis]) ? -1000 : total + other[axis]
      other[axis] = shape[axis]
      if other != shape { note("cannot join \(values.map(\.shape)) along axis \(axis)") }
    }
    shape[axis] = Self.isSymbol(total) ? (values.count == 1 ? shape[axis] : freshDimension()) : total
    return node("Concat", values, ["axis": .int(axis)], shape: shape, type: first.type)
  }
}
