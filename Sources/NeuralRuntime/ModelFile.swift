import COnnxRuntime
import Foundation

/// A network that a user has as an `.onnx` file: nothing is known of it but what it says of its inputs and outputs.
/// Safe from any thread.
public struct ModelFile: Sendable {
  public struct Port: Sendable, Equatable {
    public let name: String
    /// nil for sizes that are open.
    public let shape: [Int?]
    public let isFloat32: Bool
  }

  public let path: String
  public let inputs: [Port]
  public let outputs: [Port]
  public let session: NeuralSession

  /// - Throws: `NeuralError.badModel` where the file cannot be read or the runtime takes it for no model.
  public init(_ path: String, _ runtime: NeuralRuntime, _ options: SessionOptions = .init()) throws(NeuralError) {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe), !bytes.isEmpty else {
      throw NeuralError(.badModel, "\(path) cannot be read")
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    let settings = try RuntimeOptions(runtime, options)
    let opened: OpaquePointer
    do {
      // From memory, not by its path: a model cannot name other files to be read.
      opened = try NeuralRuntime.make(runtime.api, in: name) { out in
        bytes.withUnsafeBytes {
          ort_create_session(runtime.api, runtime.environment, $0.baseAddress, $0.count, settings.options, out)
        }
      }
    } catch {
      throw NeuralError(.badModel, "\(path) is no model that ONNX Runtime takes: \(error.context)")
    }
    do {
      self.path = path
      inputs = try Self.ports(opened, runtime, isInput: true)
      outputs = try Self.ports(opened, runtime, isInput: false)
    } catch {
      ort_release_session(runtime.api, opened)
      throw error
    }
    session = NeuralSession(name, opened: opened, inputs: inputs.map(\.name), outputs: outputs.map(\.name), runtime)
  }

  private static let float32: Int32 = 1

  private static func ports(
    _ session: OpaquePointer, _ runtime: NeuralRuntime, isInput: Bool
  ) throws(NeuralError) -> [Port] {
    var count = 0
    try NeuralRuntime.check(runtime.api, ort_count_ports(runtime.api, session, isInput, &count))
    return try (0..<count).map { (index) throws(NeuralError) in
      var name = [CChar](repeating: 0, count: 256)
      var (type, rank) = (Int32(0), 0)
      var sizes = [Int64](repeating: 0, count: 8)
      let status = ort_describe_port(
        runtime.api, session, isInput, index, &name, name.count, &type, &sizes, sizes.count, &rank)
      try NeuralRuntime.check(runtime.api, status)
      return Port(
        name: String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self),
        shape: sizes.prefix(rank).map { $0 > 0 ? Int($0) : nil }, isFloat32: type == float32)
    }
  }
}
