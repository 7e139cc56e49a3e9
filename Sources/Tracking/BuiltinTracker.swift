import Imaging

/// Follows up to 255 objects at once without trained weights.
///
/// An appearance model learnt on the clip itself (the first frame and all corrections in many made-up variants, then frames
/// that can be trusted) says what each pixel looks like; optical flow carries the outline; the two are joined, smoothed
/// along the picture's edges and refined at full size. The cost hardly depends on the number of objects, since features,
/// flow and the model's hidden layers are shared.
///
/// A correction's labels replace the whole frame: what it leaves out is absent there. It is remembered for good.
///
/// A value: copying it forks the track. The result depends only on frames, corrections and results so far, never on
/// `threads`.
public struct BuiltinTracker: Tracker {
  private let options: TrackingOptions
  private let threads: Int
  private var track: Track?

  public init(options: TrackingOptions = .init(), threads: Int = 1) {
    self.options = options
    self.threads = max(1, threads)
  }

  public mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask {
    try check(frame, correction)
    var track = self.track ?? Track(frame, options: options)
    self.track = nil
    let seen = Observation(frame, grid: track.grid, threads: threads)
    let carried = track.advance(seen)
    let tracked: TrackedMask
    if let correction {
      tracked = track.accept(correction)
    } else {
      tracked = track.predict(frame, seen, carried, threads: threads)
    }
    track.absorb(seen, correction: correction, tracked: tracked)
    self.track = track
    return tracked
  }

  public mutating func remember(_ frame: RGBImage, mask: Mask) throws {
    guard mask.width == frame.width, mask.height == frame.height else {
      throw TrackingError.sizes(mask.width, mask.height, frame)
    }
    if let track, frame.width != track.width || frame.height != track.height {
      throw TrackingError.sizes(of: frame, after: track.width, track.height)
    }
    var track = self.track ?? Track(frame, options: options)
    self.track = nil
    track.remember(Observation(frame, grid: track.grid, threads: threads), mask)
    self.track = track
  }

  public mutating func cut() { track?.cut() }

  public mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws {
    try check(frame, correction)
    guard tracked.mask.width == frame.width, tracked.mask.height == frame.height else {
      throw TrackingError.sizes(tracked.mask.width, tracked.mask.height, frame)
    }
    var track = self.track ?? Track(frame, options: options)
    self.track = nil
    let seen = Observation(frame, grid: track.grid, threads: threads)
    _ = track.advance(seen)
    if let correction { _ = track.accept(correction) }
    track.absorb(seen, correction: correction, tracked: tracked)
    self.track = track
  }

  private func check(_ frame: RGBImage, _ correction: Mask?) throws(TrackingError) {
    if let correction, correction.width != frame.width || correction.height != frame.height {
      throw .sizes(correction.width, correction.height, frame)
    }
    if track?.isBegun != true {
      guard let correction, !correction.isEmpty else { throw .missingMask }
    }
    guard let track else { return }
    guard frame.width == track.width, frame.height == track.height else {
      throw .sizes(of: frame, after: track.width, track.height)
    }
  }
}
