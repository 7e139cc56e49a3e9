import Imaging

/// A mask that was followed to a frame, and how far to trust it.
public struct TrackedMask: Sendable, Equatable {
  /// The objects' labels, of the frame's size.
  public let mask: Mask
  /// For each object that is followed, 0…1: below about 0.5 a person should look. An object that is hidden or gone
  /// keeps an entry.
  public let confidence: [UInt8: Float]
  /// Of each object that is followed as something flat and in sight: the corners of its mask from the top left one,
  /// clockwise, in pixels with centres at whole numbers. They may lie outside the frame.
  public let corners: [UInt8: [SIMD2<Float>]]

  public init(mask: Mask, confidence: [UInt8: Float], corners: [UInt8: [SIMD2<Float>]] = [:]) {
    self.mask = mask
    self.confidence = confidence
    self.corners = corners
  }
}

/// Follows objects from frame to frame. A value: copying it forks the track.
///
/// Forward, backward and live tracking are the same machine with another driver: the frames are handed in the order of
/// the walk. What a step returns depends only on the frames, corrections and results so far, never on threads or time.
public protocol Tracker: Sendable {
  /// Takes the next frame. The first step needs a `correction`: the objects' masks on that frame; later corrections
  /// replace what was tracked on theirs and are remembered for good.
  /// - Throws: `TrackingError` for a first step without a mask, or sizes that differ.
  mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask

  /// Learns how objects look on a frame elsewhere in the clip whose masks are the truth. Before the first step only.
  mutating func remember(_ frame: RGBImage, mask: Mask) throws

  /// The next frame begins another shot: nothing is where it was.
  mutating func cut()

  /// Takes a frame whose result is known from an interrupted run: leaves the tracker exactly as the `step` that
  /// returned `tracked` did, at less cost.
  mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws
}

extension Tracker {
  /// Learns nothing beforehand.
  public mutating func remember(_ frame: RGBImage, mask: Mask) throws {}

  /// Goes on as if nothing had happened.
  public mutating func cut() {}
}
