import Foundation
import Imaging

/// Finished fills on disk: for each frame the samples that go into the output, and for a while the working picture that
/// the next windows look back at. A window counts only once its `.done` file stands.
struct FillStore {
  let folder: StageFolder

  /// Frames that later windows may look back; fixed, so that a resumed run sees what an unbroken one saw.
  static let lookBack = 128

  /// The working picture of a filled region.
  struct Context {
    var region: Region
    var image: RGBImage
    var provenance: Plane<UInt8>
  }

  func entries(_ window: FillWindow) -> [RemovalReport.FrameEntry]? {
    folder.value([RemovalReport.FrameEntry].self, window.name)
  }

  func finish(_ window: FillWindow, _ entries: [RemovalReport.FrameEntry]) throws {
    try folder.write(entries, as: window.name)
  }

  func write(_ patches: [FramePatch], _ contexts: [Context], frame: Int) throws {
    try folder.write(patches.reduce(into: Data()) { $0.append($1.encoded()) }, as: frameName(frame, ".patch"))
    try folder.write(contexts.reduce(into: Data()) { $0.append($1.encoded()) }, as: frameName(frame, ".context"))
  }

  /// - Throws: `RemovalError.workFolder` where the file was damaged from outside.
  func patches(frame: Int) throws -> [FramePatch] {
    guard let data = folder.data(frameName(frame, ".patch")) else { return [] }
    var reader = WordReader(data)
    var patches: [FramePatch] = []
    while !reader.isAtEnd {
      guard let patch = FramePatch(from: &reader) else {
        throw RemovalError(
          .workFolder, "\(folder.path): the fill of frame \(frame) is damaged; run again without --resume")
      }
      patches.append(patch)
    }
    return patches
  }

  func contexts(frame: Int) -> [Context] {
    guard let data = folder.data(frameName(frame, ".context")) else { return [] }
    var reader = WordReader(data)
    var contexts: [Context] = []
    while !reader.isAtEnd, let context = Context(from: &reader) { contexts.append(context) }
    return contexts
  }

  func forgetContexts(before frame: Int, from first: Int) {
    for old in stride(from: frame - 1, through: first, by: -1) {
      let name = frameName(old, ".context")
      guard folder.has(name) else { break }
      folder.remove(name)
    }
  }
}

extension FillStore.Context {
  func encoded() -> Data {
    var data = Data()
    data.append(words: [region.x, region.y, region.width, region.height, image.width, image.height])
    image.pixels.withUnsafeBytes { data.append(contentsOf: $0) }
    data.append(contentsOf: provenance.samples)
    return data
  }

  init?(from reader: inout WordReader) {
    guard let head = reader.words(6), head[4] > 0, head[5] > 0,
      let components = reader.array(UInt16.self, head[4] * head[5] * 4),
      let provenance = reader.array(UInt8.self, head[4] * head[5])
    else { return nil }
    let pixels = (0..<head[4] * head[5]).map { i in
      SIMD4(components[4 * i], components[4 * i + 1], components[4 * i + 2], components[4 * i + 3])
    }
    self.init(
      region: Region(x: head[0], y: head[1], width: head[2], height: head[3]),
      image: RGBImage(width: head[4], height: head[5], pixels: pixels),
      provenance: Plane(width: head[4], height: head[5], samples: provenance))
  }
}
