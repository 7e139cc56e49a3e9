/// What went wrong with pixels in memory.
public struct ImagingError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// Two pictures that should agree in size do not.
    case wrongSize
    /// A format that the operation does not know.
    case unsupportedFormat
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
