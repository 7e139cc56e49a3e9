import Imaging
import VideoIO

/// What a network selected, kept in a stage's folder: embedding a frame takes long, and a run that was interrupted later need
/// not do it again.
struct KeptAnchors {
  let folder: StageFolder
  let clip: Clip

  private static let list = "anchors.json"

  private struct Record: Codable {
    var frame: Int
    var objects: [UInt8]
  }

  /// What was kept, or what `select` selects now.
  func anchors(else select: () throws -> [Int: Anchor]) throws -> [Int: Anchor] {
    if let known { return known }
    let anchors = try select()
    for (frame, anchor) in anchors {
      try MaskFile.write(clip.displayed(anchor.mask), to: folder.path + "/" + frameName(frame, ".png"))
    }
    // Written last: with it all are there.
    try folder.write(
      anchors.sorted { $0.key < $1.key }.map { Record(frame: $0.key, objects: $0.value.objects.sorted()) },
      as: Self.list)
    return anchors
  }

  private var known: [Int: Anchor]? {
    guard let records = folder.value([Record].self, Self.list) else { return nil }
    var anchors: [Int: Anchor] = [:]
    for record in records {
      guard let mask = try? MaskFile.read(folder.path + "/" + frameName(record.frame, ".png")),
        mask.width == clip.info.displayedWidth, mask.height == clip.info.displayedHeight
      else { return nil }
      anchors[record.frame] = Anchor(mask: clip.coded(mask), objects: Set(record.objects))
    }
    return anchors
  }
}
