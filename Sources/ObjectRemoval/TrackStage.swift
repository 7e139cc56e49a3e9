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
      passes.append(TrackPass(frames: Array(first...shot.upperBound), name: "forward"))
      if last > shot.lowerBound {
        passes.append(TrackPass(frames: (shot.lowerBound...last).reversed(), name: "backward"))
      }
    }
    try meter.stage(.track, frames: passes.reduce(0) { $0 + $1.frames.count }) {
      var done = 0
      for pass in passes {
        try pass.run(clip: clip, anchors: anchors, folder: folder, tracker: Engines.tracker(settings)) { known in
          done += 1
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
  private var last: (frame: Int, result: TrackedMask)?

  init(passes: [TrackPass], anchors: [Int: Anchor], clip: Clip, folder: StageFolder) {
    self.passes = passes
    self.anchors = anchors
    self.clip = clip
    self.folder = folder
  }

  func mask(at frame: Int) throws -> Mask { try tracked(at: frame).mask }

  /// An empty mask where no pass came by: a shot without prompts.
  func tracked(at frame: Int) throws -> TrackedMask {
    if let last, last.frame == frame { return last.result }
    let seen = try passes.filter { $0.frames.contains(frame) }.map { pass in
      guard let tracked = pass.tracked(frame, clip, folder) else {
        throw RemovalError(.workFolder, "\(folder.path): the mask of frame \(frame) is gone")
      }
      return (pass.name, tracked)
    }
    let result: TrackedMask
    switch seen.count {
    case 0: result = TrackedMask(mask: Mask(width: clip.info.width, height: clip.info.height), confidence: [:])
    case 1: result = seen[0].1
    default: result = merged(forward: seen[0].1, backward: seen[1].1, at: frame)
    }
    last = (frame, result)
    return result
  }

  private func merged(forward: TrackedMask, backward: TrackedMask, at frame: Int) -> TrackedMask {
    if let anchor = anchors[frame], Set(forward.confidence.keys).isSubset(of: anchor.objects) { return forward }
    var mask = Mask(width: clip.info.width, height: clip.info.height)
    var confidence: [UInt8: Float] = [:]
    let objects = Set(forward.confidence.keys).union(backward.confidence.keys)
    for object in objects.sorted(by: >) {
      let chosen = prefersForward(object, forward, backward, at: frame) ? forward : backward
      confidence[object] = chosen.confidence[object] ?? 0
      for i in mask.labels.samples.indices where chosen.mask.labels.samples[i] == object {
        mask.labels.samples[i] = object
      }
    }
    return TrackedMask(mask: mask, confidence: confidence)
  }

  private func prefersForward(_ object: UInt8, _ forward: TrackedMask, _ backward: TrackedMask, at frame: Int) -> Bool {
    let marked = anchors.filter { $0.value.objects.contains(object) }.keys
    let shotMates = marked.filter { anchor in
      passes.contains { $0.frames.contains(anchor) && $0.frames.contains(frame) }
    }
    guard let before = shotMates.filter({ $0 <= frame }).max() else { return false }
    guard let after = shotMates.filter({ $0 >= frame }).min() else { return true }
    if before == after { return true }
    let place = Float(frame - before) / Float(after - before)
    return (forward.confidence[object] ?? 0) * (1 - place) >= (backward.confidence[object] ?? 0) * place
  }
}
