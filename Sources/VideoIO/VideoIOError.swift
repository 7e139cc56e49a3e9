/// What went wrong with a file: which file, which stream, which frame, and why.
public struct VideoIOError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// No such file, or no right to read it.
    case cannotOpen
    /// A kind of file that is not on the allow-list: a playlist, a script, a network address.
    case refused
    /// Larger than a limit: bytes, pixels, frames or duration.
    case overLimit
    /// Damaged, truncated or not what its name says.
    case badData
    /// No video stream, no frames, or no images.
    case noVideo
    /// A codec or pixel format that this build of FFmpeg cannot read or write.
    case unsupported
    /// Images of several sizes, gaps in the numbering, or a mask that does not fit.
    case mismatch
    /// A codec that cannot live in the chosen container.
    case container
    /// The disk is full, read-only or failed.
    case cannotWrite
    /// Names or settings that cannot be: an extension that is not known, an output that is the input.
    case badRequest
    /// The output is there already.
    case exists
    /// A call that FFmpeg should not have failed: our mistake.
    case internalFault
  }

  public let code: Code
  /// The file's path as the user gave it.
  public let file: String
  public let stream: Int?
  public let frame: Int?
  /// One sentence: what failed, and what to do where there is something.
  public let message: String
  /// FFmpeg's or the system's own words.
  public let underlying: String?

  public init(
    _ code: Code, file: String, stream: Int? = nil, frame: Int? = nil, _ message: String, underlying: String? = nil
  ) {
    self.code = code
    self.file = file
    self.stream = stream
    self.frame = frame
    self.message = message
    self.underlying = underlying
  }

  public var description: String {
    var text = "\(file): \(message)"
    if let stream { text += " [stream \(stream)]" }
    if let frame { text += " [frame \(frame)]" }
    if let underlying { text += " (\(underlying))" }
    return text
  }
}
