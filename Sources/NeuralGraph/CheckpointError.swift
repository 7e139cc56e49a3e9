/// Why a checkpoint file was refused. Nothing in a file is ever executed.
public struct CheckpointError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No such file, or no right to read it.
    case cannotOpen
    /// Neither a PyTorch nor a safetensors file.
    case notACheckpoint
    /// A pickle that asks for more than tensors need: a call, a class, an unknown instruction.
    case forbidden
    /// Damaged, cut short or inconsistent.
    case badData
    /// A tensor that reaches out of its storage, or whose size means nothing.
    case badTensor
    /// Element types or layouts that are known but not read here.
    case unsupported
  }

  public let code: Code
  /// The file's path as it was given.
  public let file: String
  /// One sentence: what was found, with the name of the part.
  public let context: String

  public init(_ code: Code, file: String, _ context: String) {
    self.code = code
    self.file = file
    self.context = context
  }

  public var description: String { "\(file): \(context)" }
}
