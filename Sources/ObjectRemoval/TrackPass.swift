import Foundation
import Imaging
import Tracking
import VideoIO

/// One walk of the tracker, forward or backward, frame by frame on disk, in a folder named by all that the walk depends on.
///
/// A pass interrupted at any moment goes on after its last whole frame, and ends as an unbroken one would.
struct TrackPass {
  enum Direction: String { case forward, backward }

  /// The walk begins at an anchor: the first frame forward, the last one backward.
  let range: ClosedRange<Int>
  let direction: Direction
  /// Those on the way, by frame.
  let anchors: [Int: Anchor]
  /// The one next to the walk's end.
  let beyond: (frame: Int, anchor: Anchor)?
  /// The shot's first that shows every object, if the walk does not meet it: a later one may show only a sliver.
  let founding: (frame: Int, anchor: Anchor)?
  /// First frames of new shots on the way.
  let cuts: [Int]
  /// nil where only marked objects are followed.
  var newcomers: Newcomers?

  var frames: [Int] { direction == .forward ? Array(range) : range.reversed() }

  /// Anchors off the way, whose looks are learnt before the walk begins.
  private var known: [(Int, Anchor)] { [founding, beyond].compactMap { $0 }.map { ($0.frame, $0.anchor) } }

  private struct Record: Codable {
    var frame: Int
    var objects: [String: Float]
    /// Of objects that are followed as something flat.
    var corners: [String: [SIMD2<Float>]]?
  }

  /// Tells what the walk depends on, beside the clip and the settings.
  func name() throws -> String {
    var bytes: [UInt8] = []
    for (frame, anchor) in anchors.sorted(by: { $0.key < $1.key }).map({ ($0.key, $0.value) }) + known {
      bytes += Array("\(frame) \(anchor.objects.sorted()) ".utf8) + anchor.mask.labels.samples
    }
    bytes += Array("\(cuts) \(newcomers?.name ?? "")".utf8)
    return "\(direction.rawValue)-\(range.lowerBound)-\(range.upperBound)-\(try ContentHash.of(bytes))"
  }

  /// - Parameters:
  ///   - folder: the stage's.
  ///   - advance: called after each frame with whether it was there already.
  func run(
    clip: Clip, folder: StageFolder, tracker: any Tracker, advance: (Bool) throws -> Void
  ) throws {
    let folder = try folder.part(name())
    if frames.allSatisfy({ isStored($0, folder) }) {
      for _ in frames { try advance(true) }
      return
    }
    var tracker = tracker
    var followed: Set<UInt8> = []
    for (frame, anchor) in known { try tracker.remember(clip.image(frame), mask: anchor.mask) }
    for (step, frame) in frames.enumerated() {
      if cuts.contains(direction == .forward ? frame : frame + 1) { tracker.cut() }
      let image = try clip.image(frame)
      var correction = try anchors[frame].map { anchor in
        step == 0 || anchor.showsNothing ? anchor.mask : try completed(anchor, image, tracker)
      }
      if let newcomers, step % newcomers.gap == 0 {
        let known = try correction ?? seen(image, tracker)
        correction = try newcomers.found(on: image, beside: known, followed: followed) ?? correction
      }
      let tracked: TrackedMask
      if let known = self.tracked(frame, clip, folder) {
        try tracker.replay(image, correction: correction, tracked: known)
        tracked = known
        try advance(true)
      } else {
        tracked = try tracker.step(image, correction: correction)
        try store(tracked, frame, clip, folder)
        try advance(false)
      }
      followed.formUnion(tracked.confidence.keys)
    }
  }

  /// An anchor speaks of its own objects; the others stay where the tracker sees them.
  private func completed(_ anchor: Anchor, _ image: RGBImage, _ tracker: any Tracker) throws -> Mask {
    let seen = try seen(image, tracker)
    var mask = anchor.mask
    for i in mask.labels.samples.indices where mask.labels.samples[i] == 0 {
      let label = seen.labels.samples[i]
      if label != 0, !anchor.objects.contains(label) { mask.labels.samples[i] = label }
    }
    return mask
  }

  /// Where the tracker sees the objects on the next frame.
  private func seen(_ image: RGBImage, _ tracker: any Tracker) throws -> Mask {
    var fork = tracker
    return try fork.step(image, correction: nil).mask
  }

  // MARK: On disk; `folder` is the pass's own

  private func maskName(_ frame: Int) -> String { frameName(frame, ".png") }
  private func recordName(_ frame: Int) -> String { frameName(frame, ".json") }

  private func isStored(_ frame: Int, _ folder: StageFolder) -> Bool {
    folder.has(maskName(frame)) && folder.has(recordName(frame))
  }

  func tracked(_ frame: Int, _ clip: Clip, _ folder: StageFolder) -> TrackedMask? {
    guard let record = record(frame, folder),
      let mask = try? MaskFile.read(folder.path + "/" + maskName(frame)),
      mask.width == clip.info.displayedWidth, mask.height == clip.info.displayedHeight
    else { return nil }
    return TrackedMask(mask: clip.coded(mask), confidence: record.confidence, corners: record.corners)
  }

  /// What is known of a frame's objects, without their mask.
  func record(
    _ frame: Int, _ folder: StageFolder
  ) -> (confidence: [UInt8: Float], corners: [UInt8: [SIMD2<Float>]])? {
    guard let stored = folder.value(Record.self, recordName(frame)) else { return nil }
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
    let record = Record(
      frame: frame, objects: Self.byName(tracked.confidence),
      corners: tracked.corners.isEmpty ? nil : Self.byName(tracked.corners))
    try folder.write(record, as: recordName(frame))
  }
}
