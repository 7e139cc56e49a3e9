import Imaging
import Tracking
import VideoIO

/// The finished track: where two passes overlap, each object comes from the nearer anchor, weighed by confidence.
final class Track: MaskProvider {
  /// A pass and its own folder.
  private typealias Walk = (pass: TrackPass, folder: StageFolder)
  private typealias Record = (confidence: [UInt8: Float], corners: [UInt8: [SIMD2<Float>]])

  private let walks: [Walk]
  private let anchors: [Int: Anchor]
  private let shots: [ClosedRange<Int>]
  private let clip: Clip
  private let folder: StageFolder
  private var last: (frame: Int, mask: Mask)?

  /// - Parameter folder: the stage's.
  init(
    passes: [TrackPass], anchors: [Int: Anchor], shots: [ClosedRange<Int>], clip: Clip, folder: StageFolder
  ) throws {
    walks = try passes.map { ($0, try folder.part($0.name())) }
    self.anchors = anchors
    self.shots = shots
    self.clip = clip
    self.folder = folder
  }

  var track: Track? { self }

  /// An empty mask where no pass came by: a shot without prompts.
  func mask(at frame: Int) throws -> Mask {
    if let last, last.frame == frame { return last.mask }
    let mask: Mask
    switch (walk(.forward, frame), walk(.backward, frame)) {
    case (nil, nil): mask = Mask(width: clip.info.width, height: clip.info.height)
    case (let walk?, nil), (nil, let walk?): mask = try tracked(walk, frame).mask
    case (let forward?, let backward?): mask = try merged(forward, backward, at: frame)
    }
    last = (frame, mask)
    return mask
  }

  /// The confidence of each object on a frame, as of the mask; reads no mask.
  func confidence(at frame: Int) throws -> [UInt8: Float] { try record(at: frame).confidence }

  /// The corners of each object that was followed as something flat, coded orientation, as of the mask; reads no mask.
  func corners(at frame: Int) throws -> [UInt8: [SIMD2<Float>]] { try record(at: frame).corners }

  private func record(at frame: Int) throws -> Record {
    switch (walk(.forward, frame), walk(.backward, frame)) {
    case (nil, nil): return ([:], [:])
    case (let walk?, nil), (nil, let walk?): return try record(walk, frame)
    case (let forward?, let backward?):
      let (forward, backward) = (try record(forward, frame), try record(backward, frame))
      var chosen: Record = ([:], [:])
      for (object, isForward) in choices(forward.confidence, backward.confidence, at: frame) {
        let record = isForward ? forward : backward
        chosen.confidence[object] = record.confidence[object] ?? 0
        chosen.corners[object] = record.corners[object]
      }
      return chosen
    }
  }

  // MARK: What the passes left

  private func walk(_ direction: TrackPass.Direction, _ frame: Int) -> Walk? {
    walks.first { $0.pass.direction == direction && $0.pass.range.contains(frame) }
  }

  private func tracked(_ walk: Walk, _ frame: Int) throws -> TrackedMask {
    guard let tracked = walk.pass.tracked(frame, clip, walk.folder) else { throw missing(frame) }
    return tracked
  }

  private func record(_ walk: Walk, _ frame: Int) throws -> Record {
    guard let record = walk.pass.record(frame, walk.folder) else { throw missing(frame) }
    return record
  }

  private func missing(_ frame: Int) -> RemovalError {
    RemovalError(.workFolder, "\(folder.path): the mask of frame \(frame) is gone")
  }

  // MARK: Where two passes overlap

  private func merged(_ forward: Walk, _ backward: Walk, at frame: Int) throws -> Mask {
    let (forward, backward) = (try tracked(forward, frame), try tracked(backward, frame))
    let choices = choices(forward.confidence, backward.confidence, at: frame)
    if choices.values.allSatisfy({ $0 }) { return forward.mask }
    var mask = Mask(width: clip.info.width, height: clip.info.height)
    for (object, isForward) in choices.sorted(by: { $0.key > $1.key }) {
      let chosen = isForward ? forward.mask : backward.mask
      for i in mask.labels.samples.indices where chosen.labels.samples[i] == object { mask.labels.samples[i] = object }
    }
    return mask
  }

  /// Of each object whether it comes from the forward pass, by the confidence of both.
  private func choices(
    _ forward: [UInt8: Float], _ backward: [UInt8: Float], at frame: Int
  ) -> [UInt8: Bool] {
    let objects = Set(forward.keys).union(backward.keys)
    let isMarked = anchors[frame].map { objects.isSubset(of: $0.objects) } ?? false
    return Dictionary(
      uniqueKeysWithValues: objects.map { object in
        guard let ahead = forward[object] else { return (object, false) }
        guard let behind = backward[object] else { return (object, true) }
        return (object, isMarked || prefersForward(object, ahead, behind, at: frame))
      })
  }

  private func prefersForward(_ object: UInt8, _ forward: Float, _ backward: Float, at frame: Int) -> Bool {
    let shot = shots.first { $0.contains(frame) }
    let marked = anchors.filter { $0.value.objects.contains(object) && shot?.contains($0.key) == true }.keys
    guard let before = marked.filter({ $0 <= frame }).max() else { return false }
    guard let after = marked.filter({ $0 >= frame }).min() else { return true }
    if before == after { return true }
    let place = Float(frame - before) / Float(after - before)
    // Near an anchor its walk is up to three times as likely to be right; what the walks say of themselves counts more.
    return forward * forward * (1.5 - place) >= backward * backward * (0.5 + place)
  }
}
