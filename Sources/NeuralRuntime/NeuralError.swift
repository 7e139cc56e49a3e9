/// Why a network could not be run.
public struct NeuralError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No ONNX Runtime was found, or the one that was named cannot be opened.
    case noRuntime
    /// The runtime refused a graph, or failed while it ran.
    case runtime
    /// An input or output has another name or shape than the graph's.
    case badTensor
    /// A model file does not do what it was chosen for.
    case badModel
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
