import Imaging
import Tracking

/// Looks every so many frames for objects that nobody marked and that nothing followed covers (`sam_gap`).
struct Newcomers {
  /// Frames from one look to the next, counted from where the walk begins.
  let gap: Int
  /// Labels that the clip's anchors use.
  let marked: Set<UInt8>
  let settings: RemovalSettings

  /// Tells what the found objects depend on beside the frame and the masks.
  var name: String {
    "\(gap) \(settings.segmenter) \(settings.pointsPerSide) \(settings.maximumObjects) \(marked.sorted())"
  }

  /// `known` with the objects found beside its own, under labels that neither the anchors nor `followed` use, largest
  /// first while there is room; nil where none was found.
  func found(on image: RGBImage, beside known: Mask, followed: Set<UInt8>) throws -> Mask? {
    let used = marked.union(followed)
    let free = (UInt8(1)...255).filter { !used.contains($0) }.prefix(max(0, settings.maximumObjects - used.count))
    guard !free.isEmpty else { return nil }
    let (seen, found) = try ProposeStage(settings: settings).run(image, beside: known)
    guard !found.isEmpty else { return nil }
    var labels = [UInt8?](repeating: nil, count: 256)
    for ((object, _), label) in zip(found, free) { labels[Int(object)] = label }
    let isNew = Set(found.map(\.object))
    var mask = known
    for i in mask.labels.samples.indices where known.labels.samples[i] == 0 {
      let object = seen.labels.samples[i]
      if isNew.contains(object), let label = labels[Int(object)] { mask.labels.samples[i] = label }
    }
    return mask
  }
}
