/// Why a prompt could not be answered.
public struct SegmentationError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No point inside, no box and no mask.
    case emptyPrompt
    /// A point or box outside the frame, or a mask of another size.
    case outsideFrame
    /// More objects than a label map holds, or none.
    case tooManyObjects
    /// Too many or too few points a side.
    case badGrid
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }
}
