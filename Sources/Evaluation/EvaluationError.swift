/// Why a score could not be computed.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// Two pictures that should agree in size do not.
    case wrongSize
    /// Nothing to score: an empty true mask, no frames.
    case nothingToScore
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
