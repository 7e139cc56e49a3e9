import Foundation
import Imaging
import Tracking
import VideoIO

/// One walk of the tracker through a shot, forward or backward, frame by frame on disk.
///
/// A pass interrupted at any moment goes on after its last whole frame, and ends as an unbroken one would.
struct TrackPass {
  enum Direction: String { case forward, backward }

  /// The walk begins at an anchor: the first frame forward, the last one backward.
  let range: ClosedRange<Int>
  let direction: Direction

  var frames: [Int] { direction == .forward ? Array(range) : range.reversed() }

  private struct Confidence: Codable {
    var frame: Int
    var objects: [String: Float]
  }

  func maskName(_ frame: Int) -> String { frameName(frame, "-\(direction.rawValue).png") }
  func confidenceName(_ frame: Int) -> String { frameName(frame, "-\(direction.rawValue).json") }

  /// - Parameter advance: called after each frame with whether it was there already.
  func run(
    clip: Clip, anchors: [Int: Anchor], folder: StageFolder, tracker: any Tracker, advance: (Bool) throws -> Void
  ) throws {
    var tracker = tracker
    for (step, frame) in frames.enumerated() {
      let image = try clip.image(frame)
      let correction = try anchors[frame].map { anchor in
        step == 0 ? anchor.mask : try completed(anchor, image, tracker)
      }
      if let known = tracked(frame, clip, folder) {
        try tracker.replay(image, correction: correction, tracked: known)
        try advance(true)
      } else {
        try store(try tracker.step(image, correction: correction), frame, clip, folder)
        try advance(false)
      }
    }
  }

  /// An anchor speaks of its own objects; the others stay where the tracker sees them.
  private func completed(_ anchor: Anchor, _ image: RGBImage, _ tracker: any Tracker) throws -> Mask {
    var fork = tracker
    let seen = try fork.step(image, correction: nil).mask
    var mask = anchor.mask
    for i in mask.labels.samples.indices where mask.labels.samples[i] == 0 {
      let label = seen.labels.samples[i]
      if label != 0, !anchor.objects.contains(label) { mask.labels.samples[i] = label }
    }
    return mask
  }

  func tracked(_ frame: Int, _ clip: Clip, _ folder: StageFolder) -> TrackedMask? {
    guard let confidence = confidence(frame, folder),
      let mask = try? MaskFile.read(folder.path + "/" + maskName(frame)),
      mask.width == clip.info.displayedWidth, mask.height == clip.info.displayedHeight
    else { return nil }
    return TrackedMask(mask: clip.coded(mask), confidence: confidence)
  }

  /// A frame's confidence alone, without its mask.
  func confidence(_ frame: Int, _ folder: StageFolder) -> [UInt8: Float]? {
    guard let stored = folder.value(Confidence.self, confidenceName(frame)) else { return nil }
    let byLabel = stored.objects.compactMap { key, value in UInt8(key).map { ($0, value) } }
    return Dictionary(byLabel) { first, _ in first }
  }

  private func store(_ tracked: TrackedMask, _ frame: Int, _ clip: Clip, _ folder: StageFolder) throws {
    try MaskFile.write(clip.displayed(tracked.mask), to: folder.path + "/" + maskName(frame))
    let objects = Dictionary(uniqueKeysWithValues: tracked.confidence.map { (String($0.key), $0.value) })
    try folder.write(Confidence(frame: frame, objects: objects), as: confidenceName(frame))
  }
}
