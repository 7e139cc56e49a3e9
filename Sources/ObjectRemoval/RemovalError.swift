/// Why a job could not start, go on or finish. Errors of the modules below pass through as they are.
public struct RemovalError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A prompt or setting that means nothing for this clip.
    case badRequest
    /// Prompts or masks that mark no pixel of the clip.
    case nothingMarked
    /// The memory budget is too small; the sentence says what would do.
    case memory
    /// Another run works on the same output.
    case busy
    /// The work folder beside the output cannot be written or read.
    case workFolder
    /// No engine of that name.
    case unknownEngine
  }

  public let code: Code
  /// One sentence: what failed, and what to do where there is something.
  public let context: String
  public let underlying: (any Error)?

  public init(_ code: Code, _ context: String, underlying: (any Error)? = nil) {
    self.code = code
    self.context = context
    self.underlying = underlying
  }

  public var description: String {
    underlying.map { "\(context) (\($0))" } ?? context
  }
}
