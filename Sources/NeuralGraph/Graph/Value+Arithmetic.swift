extension Value {
  public static func + (left: Value, right: Value) -> Value { left.binary("Add", right) }
  public static func - (left: Value, right: Value) -> Value { left.binary("Sub", right) }
  public static func * (left: Value, right: Value) -> Value { left.binary("Mul", right) }
  public static func / (left: Value, right: Value) -> Value { left.binary("Div", right) }
  public static func + (left: Value, right: Float) -> Value { left + left.graph.scalar(right) }
  public static func - (left: Value, right: Float) -> Value { left - left.graph.scalar(right) }
  public static func * (left: Value, right: Float) -> Value { left * left.graph.scalar(right) }
  public static func / (left: Value, right: Float) -> Value { left / left.graph.scalar(right) }
  public static func + (left: Float, right: Value) -> Value { right.graph.scalar(left) + right }
  public static func - (left: Float, right: Value) -> Value { right.graph.scalar(left) - right }
  public static func * (left: Float, right: Value) -> Value { right * left }
  public static prefix func - (value: Value) -> Value { value.unary("Neg") }

  public func minimum(_ other: Value) -> Value { binary("Min", other) }
  public func maximum(_ other: Value) -> Value { binary("Max", other) }
  public func power(_ exponent: Float) -> Value { binary("Pow", graph.scalar(exponent)) }

  public func isGreater(than other: Value) -> Value { binary("Greater", other, type: .bool) }
  public func isLess(than other: Value) -> Value { binary("Less", other, type: .bool) }
  public func isEqual(to other: Value) -> Value { binary("Equal", other, type: .bool) }

  /// `self` is a flag for each element: `first` where it holds, else `second`.
  public func select(_ first: Value, _ second: Value) -> Value {
    let shape = broadcast(broadcast(shape, first.shape), second.shape)
    return graph.node("Where", [self, first, second], shape: shape, type: first.type)
  }

  public func exp() -> Value { unary("Exp") }
  public func log() -> Value { unary("Log") }
  public func sqrt() -> Value { unary("Sqrt") }
  public func abs() -> Value { unary("Abs") }
  public func floor() -> Value { unary("Floor") }
  public func sin() -> Value { unary("Sin") }
  public func cos() -> Value { unary("Cos") }

  public func clamped(_ low: Float, _ high: Float) -> Value {
    graph.node("Clip", [self, graph.scalar(low), graph.scalar(high)], shape: shape)
  }

  public func cast(_ type: ValueType) -> Value {
    graph.node("Cast", [self], ["to": .int(type.onnxCode)], shape: shape, type: type)
  }

  /// The product over the last two axes; those before are broadcast.
  public func matmul(_ other: Value) -> Value {
    guard rank >= 2, other.rank >= 2, shape[rank - 1] == other.shape[other.rank - 2] else {
      graph.note("matmul of \(shape) and \(other.shape)")
      return self
    }
    let batch = broadcast(Array(shape.dropLast(2)), Array(other.shape.dropLast(2)))
    return graph.node("MatMul", [self, other], shape: batch + [shape[rank - 2], other.shape[other.rank - 1]])
  }

  func unary(_ operation: String, _ attributes: [String: OnnxAttribute] = [:]) -> Value {
    graph.node(operation, [self], attributes, shape: shape, type: type)
  }

  private func binary(_ operation: String, _ other: Value, type: ValueType? = nil) -> Value {
    if self.type != other.type { graph.note("\(operation) of \(self.type) and \(other.type)") }
    return graph.node(
      operation, [self, other], shape: broadcast(shape, other.shape), type: type ?? self.type)
  }

  private func broadcast(_ left: [Int], _ right: [Int]) -> [Int] {
    let rank = Swift.max(left.count, right.count)
    let first = [Int](repeating: 1, count: rank - left.count) + left
    let second = [Int](repeating: 1, count: rank - right.count) + right
    return zip(first, second).map { a, b in
      if a != b && a != 1 && b != 1 { graph.note("shapes \(left) and \(right) do not broadcast") }
      return a == 1 ? b : a
    }
  }
}
