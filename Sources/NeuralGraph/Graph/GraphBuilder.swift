/// Builds the ONNX graph of a network, or of a part of it, from its weights.
///
/// Sizes are fixed when the graph is built; `dimension(_:)` makes those that differ from run to run. Not safe from several
/// threads; the finished `Graph` is.
public final class GraphBuilder {
  /// Which values on the way become outputs too.
  public enum Taps: Sendable {
    case none
    case named(Set<String>)

    func contains(_ name: () -> String) -> Bool {
      if case .named(let names) = self { names.contains(name()) } else { false }
    }
  }

  public let name: String
  public let weights: NetworkWeights
  private let taps: Taps
  private var model: OnnxModel
  private var valueCount = 0
  private var symbols: [String] = []
  private var externals: [String: Graph.Weight] = [:]
  private var weightValues: [String: Value] = [:]
  /// The last key that was used, to say where a shape went wrong.
  private var place = ""
  /// What does not fit, in the order it was met.
  private(set) var problems: [String] = []

  /// Below this many bytes a constant is written into the model itself.
  private static let inlineLimit = 4096

  public init(_ name: String, weights: NetworkWeights, taps: Taps = .none) {
    self.name = name
    self.weights = weights
    self.taps = taps
    model = OnnxModel(name: name)
  }

  // MARK: Ends

  public func input(_ name: String, _ shape: [Int]) -> Value {
    model.inputs.append(.init(name: name, type: .float32, shape: dimensions(shape)))
    return Value(graph: self, name: name, shape: shape, type: .float32)
  }

  /// Outputs are float32: integers and flags are converted.
  public func output(_ name: String, _ value: Value) {
    let floats = value.type == .float32 ? value : value.cast(.float32)
    model.nodes.append(.init(operation: "Identity", inputs: [floats.name], outputs: [name], attributes: []))
    model.outputs.append(.init(name: name, type: .float32, shape: dimensions(value.shape)))
  }

  func offerTap(_ value: Value, _ name: () -> String) {
    guard taps.contains(name) else { return }
    let name = name()
    if !model.outputs.contains(where: { $0.name == name }) { output(name, value) }
  }

  /// A dimension that is known only when the graph runs; to be used as a size in `input`.
  public func dimension(_ name: String) -> Int {
    if let known = symbols.firstIndex(of: name) { return Self.symbol(known) }
    symbols.append(name)
    return Self.symbol(symbols.count - 1)
  }

  /// A dimension of its own, for a result whose size depends on others.
  func freshDimension() -> Int { dimension("d\(symbols.count)") }

  static func isSymbol(_ size: Int) -> Bool { size <= -1000 }
  private static func symbol(_ index: Int) -> Int { -1000 - index }

  private func dimensions(_ shape: [Int]) -> [OnnxModel.Dimension] {
    shape.map { Self.isSymbol($0) ? .symbol(symbols[-1000 - $0]) : .size(max(0, $0)) }
  }

  // MARK: Constants

  public func constant(_ floats: [Float], _ shape: [Int]) -> Value {
    precondition(floats.count == shape.reduce(1, *), "elements that do not fill the shape")
    let name = freshName()
    if floats.count * 4 <= Self.inlineLimit {
      inline(name, .float32, shape, floats.withUnsafeBytes(Array.init))
    } else {
      external(name, shape, WeightBuffer(floats))
    }
    return Value(graph: self, name: name, shape: shape, type: .float32)
  }

  public func scalar(_ value: Float) -> Value { constant([value], []) }

  /// An int64 constant, a list where no shape is given.
  public func integers(_ values: [Int], _ shape: [Int]? = nil) -> Value {
    let name = freshName()
    let shape = shape ?? [values.count]
    inline(name, .int64, shape, values.map(Int64.init).withUnsafeBytes(Array.init))
    return Value(graph: self, name: name, shape: shape, type: .int64)
  }

  private func inline(_ name: String, _ type: ValueType, _ shape: [Int], _ bytes: [UInt8]) {
    model.initializers.append(.init(name: name, type: type, shape: shape, bytes: bytes))
  }

  private func external(_ name: String, _ shape: [Int], _ buffer: WeightBuffer) {
    model.initializers.append(.init(name: name, type: .float32, shape: shape, bytes: nil))
    externals[name] = Graph.Weight(buffer: buffer, shape: shape)
  }

  // MARK: Weights

  /// The keys of all weights that were asked for.
  var weightKeys: [String] { Array(weightValues.keys) }

  /// The tensor under `scope`, which must have `shape`.
  public func weight(_ scope: WeightScope, _ shape: [Int]) -> Value {
    place = scope.path
    if let known = weightValues[scope.path] {
      if known.shape != shape { note("is used as \(known.shape) and as \(shape)") }
      return known
    }
    let value = Value(graph: self, name: "weights/" + scope.path, shape: shape, type: .float32)
    weightValues[scope.path] = value
    guard let found = weights.shape(scope.path) else {
      problems.append("\(scope.path): \(shape) is missing")
      return value
    }
    guard found == shape else {
      problems.append("\(scope.path): is \(found), but the network needs \(shape)")
      return value
    }
    return value
  }

  /// The elements under `scope` for weights that are computed from others while building; zeros where they do not fit.
  public func elements(_ scope: WeightScope, _ shape: [Int]) -> [Float] {
    _ = weight(scope, shape)
    guard weights.shape(scope.path) == shape, let buffer = weights.buffer(scope.path) else {
      return [Float](repeating: 0, count: shape.reduce(1, *))
    }
    return buffer.withFloats(Array.init)
  }

  public func has(_ scope: WeightScope) -> Bool { weights.shape(scope.path) != nil }

  // MARK: Nodes

  private func freshName() -> String {
    valueCount += 1
    return "%\(valueCount)"
  }

  /// Notes that something does not fit, with the last key that was used.
  public func note(_ problem: String) {
    problems.append(place.isEmpty ? "\(name): \(problem)" : "\(name), near \(place): \(problem)")
  }

  /// Adds an operator with one result. How to add an operator that is not here: work out its result's shape and call this.
  public func node(
    _ operation: String, _ inputs: [Value?], _ attributes: [String: OnnxAttribute] = [:], shape: [Int],
    type: ValueType = .float32
  ) -> Value {
    nodes(operation, inputs, attributes, results: [(shape, type)])[0]
  }

  /// Adds an operator with several results.
  public func nodes(
    _ operation: String, _ inputs: [Value?], _ attributes: [String: OnnxAttribute] = [:],
    results: [(shape: [Int], type: ValueType)]
  ) -> [Value] {
    let values = results.map { Value(graph: self, name: freshName(), shape: $0.shape, type: $0.type) }
    var names = inputs.map { $0?.name ?? "" }
    while names.last == "" { names.removeLast() }
    model.nodes.append(
      .init(
        operation: operation, inputs: names, outputs: values.map(\.name),
        attributes: attributes.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }))
    return values
  }

  /// The graph, ready to run.
  /// - Throws: `GraphError` with everything that did not fit.
  public func finish() throws(GraphError) -> Graph {
    guard problems.isEmpty else { throw GraphError(name: name, problems: problems) }
    addWeights()
    return Graph(
      name: name, model: model.serialized, weights: externals, inputs: model.inputs.map(\.name),
      outputs: model.outputs.map(\.name))
  }

  /// Only now are elements read, and only those that a node uses: checking keys reads none.
  private func addWeights() {
    let used = Set(model.nodes.flatMap(\.inputs))
    for (key, value) in weightValues.sorted(by: { $0.key < $1.key }) where used.contains(value.name) {
      guard let buffer = weights.buffer(key) else { continue }
      if buffer.count * 4 <= Self.inlineLimit {
        inline(value.name, .float32, value.shape, buffer.withFloats { Array(UnsafeRawBufferPointer($0)) })
      } else {
        external(value.name, value.shape, buffer)
      }
    }
  }
}

/// A finished graph: a serialised ONNX model and the weights that lie beside it. Immutable, safe from any thread.
public struct Graph: Sendable {
  public struct Weight: Sendable {
    public let buffer: WeightBuffer
    public let shape: [Int]
  }

  public let name: String
  /// A serialised ONNX `ModelProto`.
  public let model: [UInt8]
  /// The float32 elements of the initializers that the model holds by name only.
  public let weights: [String: Weight]
  public let inputs: [String]
  public let outputs: [String]
}
