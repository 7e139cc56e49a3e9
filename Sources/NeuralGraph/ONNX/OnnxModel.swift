/// The parts of an ONNX model that networks need; written by the schema of IR version 9, operator set 20.
struct OnnxModel {
  struct Node {
    var operation: String
    /// Empty for an optional input that is left out.
    var inputs: [String]
    var outputs: [String]
    var attributes: [(name: String, value: OnnxAttribute)]
  }

  /// A constant within the model, or one whose bytes the runtime is handed beside it.
  struct Initializer {
    var name: String
    var type: ValueType
    var shape: [Int]
    /// nil where the bytes come from outside.
    var bytes: [UInt8]?
  }

  struct Port {
    var name: String
    var type: ValueType
    /// Sizes, or the names of symbolic dimensions.
    var shape: [Dimension]
  }

  enum Dimension {
    case size(Int)
    case symbol(String)
  }

  static let irVersion = 9
  static let operatorSet = 20

  var name: String
  var nodes: [Node] = []
  var initializers: [Initializer] = []
  var inputs: [Port] = []
  var outputs: [Port] = []

  /// A serialised `ModelProto`.
  var serialized: [UInt8] {
    var writer = ProtobufWriter()
    writer.field(1, Self.irVersion)
    writer.field(2, "cleanplate")
    writer.message(7) { graph in
      for node in nodes { graph.message(1) { Self.write(node, &$0) } }
      graph.field(2, name)
      for initializer in initializers { graph.message(5) { Self.write(initializer, &$0) } }
      for port in inputs { graph.message(11) { Self.write(port, &$0) } }
      for port in outputs { graph.message(12) { Self.write(port, &$0) } }
    }
    writer.message(8) { $0.field(2, Self.operatorSet) }
    return writer.bytes
  }

  private static func write(_ node: Node, _ writer: inout ProtobufWriter) {
    for input in node.inputs { writer.field(1, input) }
    for output in node.outputs { writer.field(2, output) }
    writer.field(4, node.operation)
    for attribute in node.attributes {
      writer.message(5) { attribute.value.write(name: attribute.name, &$0) }
    }
  }

  private static func write(_ initializer: Initializer, _ writer: inout ProtobufWriter) {
    for size in initializer.shape { writer.field(1, size) }
    writer.field(2, initializer.type.onnxCode)
    writer.field(8, initializer.name)
    if let bytes = initializer.bytes {
      writer.field(9, bytes: bytes)
    } else {
      // The runtime replaces it before it would look for this file.
      writer.message(13) {
        $0.field(1, "location")
        $0.field(2, "weights")
      }
      writer.field(14, 1)
    }
  }

  private static func write(_ port: Port, _ writer: inout ProtobufWriter) {
    writer.field(1, port.name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.field(1, port.type.onnxCode)
        tensor.message(2) { shape in
          for dimension in port.shape {
            shape.message(1) {
              switch dimension {
              case .size(let size): $0.field(1, size)
              case .symbol(let name): $0.field(2, name)
              }
            }
          }
        }
      }
    }
  }
}

/// An attribute of an operator.
public enum OnnxAttribute: Sendable {
  case int(Int)
  case ints([Int])
  case float(Float)
  case floats([Float])
  case string(String)

  func write(name: String, _ writer: inout ProtobufWriter) {
    writer.field(1, name)
    switch self {
    case .float(let value):
      writer.field(2, value)
      writer.field(20, 1)
    case .int(let value):
      writer.field(3, value)
      writer.field(20, 2)
    case .string(let value):
      writer.field(4, value)
      writer.field(20, 3)
    case .floats(let values):
      for value in values { writer.field(7, value) }
      writer.field(20, 6)
    case .ints(let values):
      for value in values { writer.field(8, value) }
      writer.field(20, 7)
    }
  }
}

/// The element types of values in a graph.
public enum ValueType: Sendable {
  case float32, int64, bool

  var onnxCode: Int {
    switch self {
    case .float32: 1
    case .int64: 7
    case .bool: 9
    }
  }
}
