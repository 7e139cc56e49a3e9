import Imaging

/// A fraction, in lowest terms where it was made here; denominators are above 0.
public struct Rational: Hashable, Sendable, Codable, CustomStringConvertible {
  public var numerator: Int
  public var denominator: Int

  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }
  public var description: String { "\(numerator)/\(denominator)" }
}

/// How the coded picture is turned for display: first mirrored, then rotated clockwise by quarter turns.
public struct Orientation: Hashable, Sendable, Codable {
  /// 0…3.
  public var quarterTurns: Int
  /// Mirrored left to right before the turn.
  public var mirrored: Bool

  public init(quarterTurns: Int = 0, mirrored: Bool = false) {
    self.quarterTurns = quarterTurns
    self.mirrored = mirrored
  }

  public static let upright = Orientation()
}

/// What is known of a clip before its frames are decoded.
public struct MediaInfo: Sendable, Codable, Equatable {
  public struct Stream: Sendable, Codable, Equatable {
    public enum Kind: String, Sendable, Codable { case video, audio, subtitle, data, attachment }
    public var index: Int
    public var kind: Kind
    /// FFmpeg's short name: h264, aac.
    public var codec: String
    public var language: String?
  }

  /// The path as the user gave it.
  public var path: String
  /// FFmpeg's short name of the demuxer, or "images".
  public var container: String
  public var codec: String
  /// Coded size: frames are delivered so. Prompts and masks of users are in the displayed orientation.
  public var width: Int
  public var height: Int
  public var orientation: Orientation
  public var sampleAspectRatio: Rational
  public var format: PixelFormat
  public var color: ColorDescription
  /// Exact where the file says it: 30000/1001, not 29.97.
  public var frameRate: Rational
  public var isVariableFrameRate: Bool
  public var isInterlaced: Bool
  /// Of interlaced frames: whether the upper field, with the first row, comes first. nil where they are not interlaced.
  public var isTopFieldFirst: Bool?
  public var timeBase: Rational
  /// Frames found by counting, not by trusting the header.
  public var frameCount: Int
  /// Seconds.
  public var duration: Double
  /// The first frame's time in seconds: not always 0.
  public var startTime: Double
  public var streams: [Stream]
  public var chapterCount: Int
  /// Sentences for the user: interlaced, more than one video stream, damaged packets.
  public var warnings: [String]

  /// Where a transport stream was joined and its clock begins anew; nil where it nowhere does.
  public var splices: [Splice]?

  public struct Splice: Sendable, Codable, Equatable {
    /// Byte of the file at which the video goes on.
    public var position: Int
    /// What is added to all times from there on, in seconds, so that they go on rising.
    public var seconds: Double

    /// A clock that falls back by more seconds than this begins anew.
    static let leap = 1.0
  }

  public var displayedWidth: Int { orientation.quarterTurns % 2 == 0 ? width : height }
  public var displayedHeight: Int { orientation.quarterTurns % 2 == 0 ? height : width }
}

/// A frame and its place in the clip.
public struct TimedFrame: Sendable {
  public let frame: Frame
  /// Counted from 0 in display order.
  public let index: Int
  /// In units of the clip's time base.
  public let time: Int64
  public let duration: Int64
  /// True where the packet was damaged and the frame before was repeated in its place.
  public let isRepeated: Bool

  public init(frame: Frame, index: Int, time: Int64, duration: Int64, isRepeated: Bool = false) {
    self.frame = frame
    self.index = index
    self.time = time
    self.duration = duration
    self.isRepeated = isRepeated
  }
}

/// Frames by number: a video file or a folder of images. Confined to one thread at a time.
public protocol FrameSource: AnyObject {
  var info: MediaInfo { get }
  /// Any frame, exactly; going forward one by one is the fast way. The same number gives the same bytes.
  /// - Throws: `VideoIOError`; `.badData` with the frame number where a truncated file ends before it.
  func frame(at index: Int) throws -> TimedFrame
  /// What was found while decoding: numbers of frames that were repeated, and whether the file breaks off early.
  var damage: Damage { get }
  /// A frame's time and duration in units of the time base, known without decoding.
  /// - Precondition: `0 <= index < info.frameCount`.
  func time(at index: Int) -> (time: Int64, duration: Int64)
}

public struct Damage: Sendable, Codable, Equatable {
  /// Frames whose packets gave no picture: the frame before stands in their place.
  public var repeatedFrames: [Int]
  /// Frames in which the decoder patched up damaged parts.
  public var concealedFrames: [Int]
  /// The file ends before its index says; the frames that are there were delivered.
  public var isTruncated: Bool

  public init(repeatedFrames: [Int] = [], concealedFrames: [Int] = [], isTruncated: Bool = false) {
    self.repeatedFrames = repeatedFrames
    self.concealedFrames = concealedFrames
    self.isTruncated = isTruncated
  }
}

/// Bounds that hold before anything is decoded. Each has a flag of the command line.
public struct MediaLimits: Sendable, Equatable, Codable {
  public var bytes: Int
  /// Width times height of one frame.
  public var pixels: Int
  public var frames: Int
  /// Seconds.
  public var duration: Double

  public init(bytes: Int = 1 << 40, pixels: Int = 8192 * 8192, frames: Int = 2_000_000, duration: Double = 24 * 3600) {
    self.bytes = bytes
    self.pixels = pixels
    self.frames = frames
    self.duration = duration
  }
}
