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

  init(_ clip: Clip, corrections: [Int: Mask] = [:]) throws {
    var tracker = BuiltinTracker()
    for (t, frame) in clip.frames.enumerated() {
      let start = userSeconds()
      let tracked = try tracker.step(frame, correction: t == 0 ? clip.truth[0]! : corrections[t])
      if t == 0 { firstSeconds = userSeconds() - start } else { seconds += userSeconds() - start }
      masks.append(tracked.mask)
      confidence.append(tracked.confidence)
    }
    seconds /= Double(max(1, clip.frames.count - 1))
  }

  /// The frame where some object's confidence is lowest, of those whose truth is known and shows something.
  func worstFrame(except corrections: [Int: Mask], _ clip: Clip) -> Int? {
    confidence.indices.dropFirst().filter { corrections[$0] == nil && clip.truth[$0]?.isEmpty == false }
      .min { (confidence[$0].values.min() ?? 1) < (confidence[$1].values.min() ?? 1) }
  }
}
