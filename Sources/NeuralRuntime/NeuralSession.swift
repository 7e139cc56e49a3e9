import COnnxRuntime
import Foundation
import NeuralGraph

/// A graph made ready to run. Safe from any thread, and made to be run again and again.
public final class NeuralSession: @unchecked Sendable {
  // The runtime lets several threads run a session at once.
  public let name: String
  public let inputs: [String]
  public let outputs: [String]
  let runtime: NeuralRuntime
  let session: OpaquePointer

  /// - Throws: `NeuralError.runtime` where the runtime refuses the graph.
  public init(_ graph: Graph, _ runtime: NeuralRuntime, _ options: SessionOptions = .init()) throws(NeuralError) {
    (name, inputs, outputs) = (graph.name, graph.inputs, graph.outputs)
    self.runtime = runtime
    let settings = try RuntimeOptions(runtime, options)
    let pages = WeightPages(graph.weights.values.map(\.buffer))
    defer { pages.finish() }
    session = try Self.open(graph, runtime, settings.options)
  }

  init(
    _ name: String, opened session: OpaquePointer, inputs: [String], outputs: [String], _ runtime: NeuralRuntime
  ) {
    (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
    self.session = session
    self.runtime = runtime
  }

  deinit { ort_release_session(runtime.api, session) }

  private static func open(
    _ graph: Graph, _ runtime: NeuralRuntime, _ options: OpaquePointer
  ) throws(NeuralError) -> OpaquePointer {
    let api = runtime.api
    let names = graph.weights.keys.sorted()
    let values = try names.map { (name) throws(NeuralError) in
      let weight = graph.weights[name]!
      return try wrap(weight.buffer, weight.shape, runtime)
    }
    defer { for value in values { ort_release_value(api, value) } }
    if !names.isEmpty {
      try withCStrings(names) { (names) throws(NeuralError) in
        try NeuralRuntime.check(
          api, ort_add_external_initializers(api, options, names, values.map(Optional.some), values.count))
      }
    }
    return try NeuralRuntime.make(api, in: graph.name) { out in
      graph.model.withUnsafeBytes {
        ort_create_session(api, runtime.environment, $0.baseAddress, $0.count, options, out)
      }
    }
  }

  private static func wrap(
    _ buffer: WeightBuffer, _ shape: [Int], _ runtime: NeuralRuntime
  ) throws(NeuralError) -> OpaquePointer {
    try NeuralRuntime.make(runtime.api) { out in
      buffer.withFloats {
        ort_wrap_floats(runtime.api, runtime.memory, $0.baseAddress, $0.count, shape.map(Int64.init), shape.count, out)
      }
    }
  }

  /// Runs the graph.
  /// - Parameter outputs: the outputs wanted, all where nil.
  /// - Throws: `NeuralError.badTensor` for an input that is missing or unknown, `.runtime` for what the runtime says.
  public func run(
    _ inputs: [String: NeuralTensor], outputs: [String]? = nil
  ) throws(NeuralError) -> [String: NeuralTensor] {
    let api = runtime.api
    let wanted = outputs ?? self.outputs
    let bound = try bind(inputs)
    defer { for value in bound { ort_release_value(api, value) } }
    var results = [OpaquePointer?](repeating: nil, count: wanted.count)
    try Self.withCStrings(self.inputs) { (inputNames) throws(NeuralError) in
      try Self.withCStrings(wanted) { (outputNames) throws(NeuralError) in
        let status = withExtendedLifetime(inputs) {
          ort_run(
            api, session, nil, inputNames, bound.map(Optional.some), bound.count, outputNames, wanted.count, &results)
        }
        try NeuralRuntime.check(api, status, in: name)
      }
    }
    var tensors: [String: NeuralTensor] = [:]
    for (name, result) in zip(wanted, results) {
      if let result { tensors[name] = try tensor(result) }
    }
    return tensors
  }

  /// The inputs in the graph's order, over the tensors' own memory.
  private func bind(_ inputs: [String: NeuralTensor]) throws(NeuralError) -> [OpaquePointer] {
    if let unknown = inputs.keys.sorted().first(where: { !self.inputs.contains($0) }) {
      throw NeuralError(.badTensor, "\(name) has no input \(unknown)")
    }
    var bound: [OpaquePointer] = []
    for port in self.inputs {
      guard let tensor = inputs[port] else { throw NeuralError(.badTensor, "\(name) lacks its input \(port)") }
      bound.append(
        try NeuralRuntime.make(runtime.api) {
          ort_wrap_floats(
            runtime.api, runtime.memory, tensor.address, tensor.count, tensor.shape.map(Int64.init), tensor.shape.count,
            $0)
        })
    }
    return bound
  }

  /// Takes over a result of the runtime.
  private func tensor(_ value: OpaquePointer) throws(NeuralError) -> NeuralTensor {
    var type: Int32 = 0
    var sizes = [Int64](repeating: 0, count: 8)
    var rank = 0
    var floats: UnsafeMutablePointer<Float>?
    let api = runtime.api
    try NeuralRuntime.check(api, ort_shape(api, value, &type, &sizes, sizes.count, &rank))
    try NeuralRuntime.check(api, ort_float_data(api, value, &floats))
    let shape = sizes[..<rank].map(Int.init)
    guard let floats else { return NeuralTensor([], shape) }
    return NeuralTensor(TensorStorage(value, floats, count: shape.reduce(1, *), runtime), shape)
  }

  private static func withCStrings(
    _ strings: [String], _ body: ([UnsafePointer<CChar>?]) throws(NeuralError) -> Void
  ) throws(NeuralError) {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    try body(pointers.map { UnsafePointer($0) })
  }
}
