import Foundation
import Imaging
import TestSupport
import Tracking

/// A clip tracked from its first frame's truth.
struct Run {
  private(set) var masks: [Mask] = []
  /// For each frame and object.
  private(set) var confidence: [[UInt8: Float]] = []
  private(set) var firstSeconds = 0.0
  /// Mean over the frames but the first.
  private(set) var seconds = 0.0

  init(_ clip: Clip, draws: UInt64 = 0) throws {
    var tracker = BuiltinTracker(options: TrackingOptions(draws: draws))
    for (t, frame) in clip.frames.enumerated() {
      let start = userSeconds()
      let tracked = try tracker.step(frame, correction: t == 0 ? clip.truth[0]! : nil)
      if t == 0 { firstSeconds = userSeconds() - start } else { seconds += userSeconds() - start }
      masks.append(tracked.mask)
      confidence.append(tracked.confidence)
    }
    seconds /= Double(max(1, clip.frames.count - 1))
  }
}
