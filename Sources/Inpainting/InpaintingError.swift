/// Why a hole could not be filled.
public struct InpaintingError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// Frames and masks that differ in size or number.
    case wrongSize
    /// The memory budget is too small for one window.
    case memory
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
