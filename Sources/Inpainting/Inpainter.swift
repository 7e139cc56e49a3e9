import Imaging

/// Where a filled pixel came from.
public enum Provenance: UInt8, Sendable {
  /// Outside the hole: untouched.
  case known = 0
  /// Borrowed along the motion from a frame where the background is seen.
  case borrowed = 1
  /// Made up from similar patches, and carried so that it holds still.
  case madeUp = 2
  /// Nothing to go by: a smooth fill.
  case abstained = 3
}

/// Frames in order, cropped to the region around the hole, of one size. No shot cut lies among them.
public struct InpaintingWindow: Sendable {
  public var frames: [RGBImage]
  /// 0 is known; anything else is the hole, for each frame.
  public var holes: [Plane<UInt8>]
  /// Frames before the core that an earlier window has filled: their provenance planes, nil elsewhere. `frames` then
  /// holds the filled picture, which later windows carry on so that nothing jumps.
  public var filled: [Plane<UInt8>?]
  /// The frames to fill: indices into `frames`.
  public var core: Range<Int>

  public init(frames: [RGBImage], holes: [Plane<UInt8>], filled: [Plane<UInt8>?], core: Range<Int>) {
    self.frames = frames
    self.holes = holes
    self.filled = filled
    self.core = core
  }
}

/// One frame with its hole filled.
public struct FilledFrame: Sendable {
  /// Equal to the window's frame outside the hole.
  public let image: RGBImage
  /// `Provenance` raw values.
  public let provenance: Plane<UInt8>

  public init(image: RGBImage, provenance: Plane<UInt8>) {
    self.image = image
    self.provenance = provenance
  }
}

/// How an engine wants its windows cut.
public struct WindowPlan: Sendable, Equatable, Codable {
  /// Frames filled at a time.
  public var core: Int
  /// Frames of context before and after the core.
  public var before: Int
  public var after: Int
  /// Pixels of surroundings wanted on every side of the hole.
  public var margin: Int
  /// Bytes that the engine and its window need at the peak.
  public var peakBytes: Int

  public init(core: Int, before: Int, after: Int, margin: Int, peakBytes: Int) {
    self.core = core
    self.before = before
    self.after = after
    self.margin = margin
    self.peakBytes = peakBytes
  }
}

/// Fills holes: a window of frames and masks in, the core of the window out.
///
/// The result depends on the window alone: never on threads, CPU level or time.
public protocol Inpainter: Sendable {
  /// The windows for a region of `width` x `height` pixels that keep to `memory` bytes.
  /// - Throws: `InpaintingError.memory` where not even the smallest window fits; the error says what would.
  func plan(width: Int, height: Int, memory: Int) throws -> WindowPlan

  /// Fills `window.core`. `progress` is called with the share done, 0…1.
  /// - Throws: `InpaintingError`, or `CancellationError` soon after `cancellation` was cancelled.
  func fill(_ window: InpaintingWindow, cancellation: Cancellation, progress: (Double) -> Void) throws -> [FilledFrame]
}
