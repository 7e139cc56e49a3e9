import Imaging
import Segmentation

/// Looks for objects that nobody marked, on one frame: for `segment --auto`, and for those that enter while others are
/// followed (`sam_gap`).
struct ProposeStage {
  let settings: RemovalSettings

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
