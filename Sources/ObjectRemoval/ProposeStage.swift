import Imaging
import Segmentation

/// Looks for objects that nobody marked, on one frame: for `segment --auto`, and for those that enter while others are
/// followed (`sam_gap`).
struct ProposeStage {
  let settings: RemovalSettings

  /// What is found on the first frame of each shot, under labels of its own.
  /// - Throws: `RemovalError.nothingMarked` where no shot begins with an object.
  func anchors(of shots: [ClosedRange<Int>], in clip: Clip, gap: Int) throws -> [Int: Anchor] {
    var anchors: [Int: Anchor] = [:]
    var used: Set<UInt8> = []
    for first in shots.map(\.lowerBound) {
      let nothing = Mask(width: clip.info.width, height: clip.info.height)
      let newcomers = Newcomers(gap: gap, marked: used, settings: settings)
      guard let mask = try newcomers.found(on: clip.image(first), beside: nothing, followed: []) else { continue }
      anchors[first] = Anchor(mask: mask, objects: Set(mask.objects))
      used.formUnion(mask.objects)
    }
    guard !anchors.isEmpty else {
      throw RemovalError(.nothingMarked, "no object was found on the first frame of any shot; mark one")
    }
    return anchors
  }

  /// `known` with the objects that were found beside its own, under the labels it does not use, smallest first; as many
  /// as `settings.maximumObjects` leaves room for. Coded orientation, as `image`.
  /// - Returns: the labels of the new objects too, largest and most certain first, each with its score.
  func run(_ image: RGBImage, beside known: Mask) throws -> (mask: Mask, found: [(object: UInt8, score: Float)]) {
    let objects = Set(known.objects)
    let free = (UInt8(1)...255).filter { !objects.contains($0) }
    let room = min(free.count, settings.maximumObjects - objects.count)
    guard room > 0 else { return (known, []) }
    let proposals = try Engines.segmenter(settings).prepare(image).proposals(
      ProposalOptions(pointsPerSide: settings.pointsPerSide, maximum: room), beside: known.labels)
    var mask = known
    var found: [(object: UInt8, score: Float)] = []
    for (object, proposal) in zip(free, proposals) {
      for i in mask.labels.samples.indices where proposal.mask.samples[i] != 0 { mask.labels.samples[i] = object }
      found.append((object, proposal.score))
    }
    return (mask, found)
  }
}
