/// A tensor that a graph computes: known by its shape and element type, not by its elements.
///
/// Operators and layers are methods; a shape that does not fit is noted in the graph and reported by `finish()`.
public struct Value {
  public let graph: GraphBuilder
  let name: String
  /// Sizes; negative ones stand for dimensions of `GraphBuilder.dimension(_:)`.
  public let shape: [Int]
  public let type: ValueType

  public var rank: Int { shape.count }

  /// `axis` counted from the end where negative.
  func axis(_ axis: Int) -> Int {
    let positive = axis < 0 ? axis + rank : axis
    if !(0..<Swift.max(rank, 1)).contains(positive) { graph.note("there is no axis \(axis) in \(shape)") }
    return Swift.min(Swift.max(positive, 0), Swift.max(rank - 1, 0))
  }

  /// Names this value as an output where the graph was asked for the tap of that name.
  @discardableResult
  public func tap(_ name: @autoclosure () -> String) -> Value {
    graph.offerTap(self, name)
    return self
  }
}
