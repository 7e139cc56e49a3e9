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
    /// Of objects that are followed as something flat.
    var corners: [String: [SIMD2<Float>]]?
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
    guard let left = left(frame, folder),
      let mask = try? MaskFile.read(folder.path + "/" + maskName(frame)),
      mask.width == clip.info.displayedWidth, mask.height == clip.info.displayedHeight
    else { return nil }
    return TrackedMask(mask: clip.coded(mask), confidence: left.confidence, corners: left.corners)
  }

  /// What is known of a frame's objects, without their mask.
  func left(
    _ frame: Int, _ folder: StageFolder
  ) -> (confidence: [UInt8: Float], corners: [UInt8: [SIMD2<Float>]])? {
    guard let stored = folder.value(Confidence.self, confidenceName(frame)) else { return nil }
    return (Self.byLabel(stored.objects), Self.byLabel(stored.corners ?? [:]))
  }

  private static func byLabel<Value>(_ stored: [String: Value]) -> [UInt8: Value] {
    Dictionary(stored.compactMap { key, value in UInt8(key).map { ($0, value) } }) { first, _ in first }
  }

  private static func byName<Value>(_ objects: [UInt8: Value]) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: objects.map { (String($0.key), $0.value) })
  }

  private func store(_ tracked: TrackedMask, _ frame: Int, _ clip: Clip, _ folder: StageFolder) throws {
    try MaskFile.write(clip.displayed(tracked.mask), to: folder.path + "/" + maskName(frame))
    let confidence = Confidence(
      frame: frame, objects: Self.byName(tracked.confidence),
      corners: tracked.corners.isEmpty ? nil : Self.byName(tracked.corners))
    try folder.write(confidence, as: confidenceName(frame))
  }
}
