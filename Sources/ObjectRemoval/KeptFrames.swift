import Foundation
import Imaging
import Segmentation
import VideoIO

/// Prepared frames in a folder, kept from one session to the next within a bound; those unused longest make room. What they
/// hold can be made again, so a file that is damaged, or cannot be written, is no error.
///
/// Safe from several threads and processes: files come and go whole.
public struct KeptFrames: Sendable {
  public let folder: String
  /// Bytes that all files together may take.
  public let bound: Int

  public init(folder: String, bound: Int) {
    self.folder = folder
    self.bound = bound
  }

  /// The frame as it was kept, or prepared now and kept.
  /// - Parameter identity: what the engine's results depend on beside the frame.
  func frame<Engine: KeepingSegmenter>(
    _ image: RGBImage, by engine: Engine, identity: String
  ) throws -> Engine.Prepared {
    let path = try path(image, identity)
    if let bytes = read(path), let known = engine.prepared(from: bytes, width: image.width, height: image.height) {
      return known
    }
    let made = try engine.prepare(image)
    keep(engine.bytes(of: made), at: path)
    return made
  }

  /// Named by all that the contents depend on.
  private func path(_ image: RGBImage, _ identity: String) throws -> String {
    let said = Array("\(identity) \(image.width)x\(image.height)\n".utf8)
    return folder + "/" + (try ContentHash.of(said + image.rgbBytes)) + Self.suffix
  }

  private static let suffix = ".frame"

  /// Bytes under their hash; nil where they are not those that were written.
  private func read(_ path: String) -> [UInt8]? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let bytes = Array(data)
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let contents = Array(bytes[(end + 1)...])
    guard let hash = try? ContentHash.of(contents), Array(hash.utf8) == Array(bytes[..<end]) else { return nil }
    // Used now: others make room first.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
    return contents
  }

  private func keep(_ contents: [UInt8], at path: String) {
    guard contents.count <= bound, let hash = try? ContentHash.of(contents) else { return }
    let files = FileManager.default
    try? files.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    makeRoom(for: contents.count + hash.utf8.count + 1)
    try? Data(Array(hash.utf8) + [UInt8(ascii: "\n")] + contents).write(
      to: URL(fileURLWithPath: path), options: .atomic)
  }

  private func makeRoom(for bytes: Int) {
    let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
    let files =
      (try? FileManager.default.contentsOfDirectory(
        at: URL(fileURLWithPath: folder), includingPropertiesForKeys: Array(keys))) ?? []
    let all = files.compactMap { file in
      (try? file.resourceValues(forKeys: keys)).map {
        (file, $0.fileSize ?? 0, $0.contentModificationDate ?? .distantPast)
      }
    }
    var total = all.reduce(bytes) { $0 + $1.1 }
    for (file, size, _) in all.sorted(by: { $0.2 < $1.2 }) {
      guard total > bound else { return }
      try? FileManager.default.removeItem(at: file)
      total -= size
    }
  }
}
