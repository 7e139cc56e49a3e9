/// Why a model could not be added, found or fetched.
public struct ModelError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No model of that name is known, or none was added.
    case unknown
    /// A file that holds none of the known networks, or another than the one asked for.
    case notRecognised
    /// The registry or a model's file cannot be read or written.
    case file
    /// A download failed, or what came is not what the authors published.
    case download
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
