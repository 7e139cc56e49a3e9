import Imaging

/// Why an object could not be followed.
public struct TrackingError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The first frame came without a mask.
    case missingMask
    /// A frame or mask differs in size from those before it.
    case wrongSize
    /// A marked object is too small or plain for the way it is to be followed.
    case nothingToFollow
  }

  public let code: Code
  public let context: String

  public init(_ code: Code, _ context: String) {
    self.code = code
    self.context = context
  }

  public var description: String { context }

  static let missingMask = TrackingError(.missingMask, "The first frame to track from has no mask.")

  static func sizes(_ width: Int, _ height: Int, _ frame: RGBImage) -> TrackingError {
    TrackingError(.wrongSize, "A mask of \(width)x\(height) lies on a frame of \(frame.width)x\(frame.height).")
  }

  static func sizes(of frame: RGBImage, after width: Int, _ height: Int) -> TrackingError {
    TrackingError(
      .wrongSize, "A frame of \(frame.width)x\(frame.height) follows frames of \(width)x\(height).")
  }
}
