import Imaging
import Tracking
import VideoIO

/// Follows the anchors' objects through their shots, forward and backward.
struct TrackStage {
  let clip: Clip
  let folder: StageFolder
  let settings: RemovalSettings
  let meter: ProgressMeter

  func run(anchors: [Int: Anchor], shots: [ClosedRange<Int>]) throws -> Track {
    var passes: [TrackPass] = []
    for shot in shots {
      let marked = anchors.keys.filter { shot.contains($0) }.sorted()
      guard let first = marked.first, let last = marked.last else { continue }
      if settings.direction != .backward {
        passes.append(TrackPass(range: first...shot.upperBound, direction: .forward))
      }
      if settings.direction == .backward || settings.direction == .both && last > shot.lowerBound {
        passes.append(TrackPass(range: shot.lowerBound...last, direction: .backward))
      }
    }
    try meter.stage(.track, frames: passes.reduce(0) { $0 + $1.range.count }) {
      var done = 0
      for pass in passes {
        var frames = pass.frames.makeIterator()
        try pass.run(clip: clip, anchors: anchors, folder: folder, tracker: Engines.tracker(settings)) { known in
          done += 1
          if let frame = frames.next() { meter.finish(frame...frame) }
          if known { meter.inherit(1) }
          try meter.advance(to: Double(done))
        }
      }
    }
    return Track(passes: passes, anchors: anchors, clip: clip, folder: folder)
  }
}

/// The finished track: where the passes overlap, each object comes from the nearer anchor, weighed by confidence.
final class Track: MaskProvider {
  private let passes: [TrackPass]
  private let anchors: [Int: Anchor]
  private let clip: Clip
  private let folder: StageFolder
  private var last: (frame: Int, mask: Mask)?

  init(passes: [TrackPass], anchors: [Int: Anchor], clip: Clip, folder: StageFolder) {
    self.passes = passes
    self.anchors = anchors
    self.clip = clip
    self.folder = folder
  }

  var track: Track? { self }

  /// An empty mask where no pass came by: a shot without prompts.
  func mask(at frame: Int) throws -> Mask {
    if let last, last.frame == frame { return last.mask }
    let seen = try seen(at: frame) { $0.tracked(frame, clip, folder) }
    let mask: Mask
    switch seen.count {
    case 0: mask = Mask(width: clip.info.width, height: clip.info.height)
    case 1: mask = seen[0].mask
    default: mask = merged(forward: seen[0], backward: seen[1], at: frame)
    }
    last = (frame, mask)
    return mask
  }

  /// The confidence of each object on a frame, as of the mask; reads no mask.
  func confidence(at frame: Int) throws -> [UInt8: Float] {
    let seen = try seen(at: frame) { $0.left(frame, folder)?.confidence }
    guard seen.count > 1 else { return seen.first ?? [:] }
    return choices(forward: seen[0], backward: seen[1], at: frame).mapValues(\.confidence)
  }

  /// The corners of each object that was followed as something flat, coded orientation, as of the mask; reads no mask.
  func corners(at frame: Int) throws -> [UInt8: [SIMD2<Float>]] {
    let seen = try seen(at: frame) { $0.left(frame, folder) }
    guard seen.count > 1 else { return seen.first?.corners ?? [:] }
    var corners: [UInt8: [SIMD2<Float>]] = [:]
    for (object, choice) in choices(forward: seen[0].confidence, backward: seen[1].confidence, at: frame) {
      corners[object] = seen[choice.isForward ? 0 : 1].corners[object]
    }
    return corners
  }

  /// What each pass that came by `frame` left of it, forward first.
  private func seen<Left>(at frame: Int, _ read: (TrackPass) -> Left?) throws -> [Left] {
    try passes.filter { $0.range.contains(frame) }.map { pass in
      guard let left = read(pass) else {
        throw RemovalError(.workFolder, "\(folder.path): the mask of frame \(frame) is gone")
      }
      return left
    }
  }

  private func merged(forward: TrackedMask, backward: TrackedMask, at frame: Int) -> Mask {
    let choices = choices(forward: forward.confidence, backward: backward.confidence, at: frame)
    if isAnchored(frame, forward.confidence) { return forward.mask }
    var mask = Mask(width: clip.info.width, height: clip.info.height)
    for (object, choice) in choices.sorted(by: { $0.key > $1.key }) {
      let chosen = choice.isForward ? forward.mask : backward.mask
      for i in mask.labels.samples.indices where chosen.labels.samples[i] == object { mask.labels.samples[i] = object }
    }
    return mask
  }

  private typealias Choice = (isForward: Bool, confidence: Float)

  /// Which pass each object of a frame comes from.
  private func choices(
    forward: [UInt8: Float], backward: [UInt8: Float], at frame: Int
  ) -> [UInt8: Choice] {
    if isAnchored(frame, forward) { return forward.mapValues { (true, $0) } }
    var choices: [UInt8: Choice] = [:]
    for object in Set(forward.keys).union(backward.keys) {
      let isForward = prefersForward(object, forward[object] ?? 0, backward[object] ?? 0, at: frame)
      choices[object] = (isForward, (isForward ? forward : backward)[object] ?? 0)
    }
    return choices
  }

  /// Whether a person marked every object that was followed to the frame.
  private func isAnchored(_ frame: Int, _ followed: [UInt8: Float]) -> Bool {
    anchors[frame].map { Set(followed.keys).isSubset(of: $0.objects) } ?? false
  }

  private func prefersForward(_ object: UInt8, _ forward: Float, _ backward: Float, at frame: Int) -> Bool {
    let marked = anchors.filter { $0.value.objects.contains(object) }.keys
    let shotMates = marked.filter { anchor in
      passes.contains { $0.range.contains(anchor) && $0.range.contains(frame) }
    }
    guard let before = shotMates.filter({ $0 <= frame }).max() else { return false }
    guard let after = shotMates.filter({ $0 >= frame }).min() else { return true }
    if before == after { return true }
    let place = Float(frame - before) / Float(after - before)
    return forward * (1 - place) >= backward * place
  }
}
