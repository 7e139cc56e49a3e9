import Foundation
import Synchronization

/// Folders on the server whose clips may be opened where they are. Clients see ids, never paths; nothing outside the
/// folders given at start can be named, and links that lead out are not followed.
final class FolderShelf: Sendable {
  struct Root: Sendable {
    var id: String
    var name: String
    var path: String
  }

  struct Entry: Encodable, Sendable {
    enum Kind: String, Encodable, Sendable { case folder, video, images }

    var id: String
    var name: String
    var kind: Kind
    var bytes: Int
  }

  let roots: [Root]
  /// What was shown, by id; an id that was never given out means nothing.
  private let shown = Mutex<(paths: [String: String], ids: [String: String])>(([:], [:]))

  private static let videos: Set<String> = [
    "mp4", "mov", "m4v", "mkv", "webm", "avi", "ts", "mts", "m2ts", "mpg", "mpeg", "mxf", "ogv", "flv", "gif", "y4m",
  ]
  private static let images: Set<String> = ["png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp"]
  private static let mostShown = 100_000

  init(_ folders: [String]) {
    roots = folders.map { folder in
      let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
      return Root(id: Identifier.make(), name: CleanName.of(path, otherwise: "folder"), path: path)
    }
  }

  /// What lies in a root, or in a folder of it that was shown before.
  func entries(of root: String, below entry: String?) throws(StudioError) -> [Entry] {
    let folder = try path(root, entry)
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { throw .notFound("folder") }
    return names.filter { !$0.hasPrefix(".") }.sorted { $0.localizedStandardCompare($1) == .orderedAscending }
      .prefix(5000).compactMap { self.entry(folder + "/" + $0, name: $0, within: root) }
  }

  /// The path of a root, or of an entry of it that was shown.
  func path(_ root: String, _ entry: String?) throws(StudioError) -> String {
    guard let base = roots.first(where: { $0.id == root })?.path else { throw .notFound("folder") }
    guard let entry else { return base }
    guard let path = shown.withLock({ $0.paths[entry] }), Self.lies(path, within: base) else {
      throw .notFound("entry; list the folder again")
    }
    return path
  }

  private func entry(_ path: String, name: String, within root: String) -> Entry? {
    guard let base = roots.first(where: { $0.id == root })?.path, Self.lies(path, within: base) else { return nil }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
    if isFolder.boolValue {
      return Entry(id: id(path), name: name, kind: Self.holdsImages(path) ? .images : .folder, bytes: 0)
    }
    guard Self.videos.contains((name as NSString).pathExtension.lowercased()), let bytes = DataFolder.bytes(of: path)
    else { return nil }
    return Entry(id: id(path), name: name, kind: .video, bytes: bytes)
  }

  private func id(_ path: String) -> String {
    shown.withLock { shown in
      if let known = shown.ids[path] { return known }
      if shown.paths.count > Self.mostShown { shown = ([:], [:]) }
      let id = Identifier.make()
      shown.ids[path] = id
      shown.paths[id] = path
      return id
    }
  }

  private static func lies(_ path: String, within base: String) -> Bool {
    let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    return real == base || real.hasPrefix(base.hasSuffix("/") ? base : base + "/")
  }

  private static func holdsImages(_ folder: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.prefix(2000).contains { images.contains(($0 as NSString).pathExtension.lowercased()) }
  }
}
