/// Why an object could not be followed.
public struct TrackingError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The first frame came without a mask.
    case missingMask
    /// A frame or mask differs in size from those before it.
    case wrongSize
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
