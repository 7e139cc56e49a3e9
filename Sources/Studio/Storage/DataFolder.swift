import Foundation

/// Where everything lies. Names are ids that were made here; what people call things never becomes a path.
struct DataFolder: Sendable {
  let path: String

  /// - Throws: where the folder cannot be made.
  init(_ path: String) throws {
    self.path = path
    for folder in [path, path + "/uploads", path + "/projects"] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  var database: String { path + "/studio.sqlite" }
  func upload(_ id: String) -> String { path + "/uploads/" + id }
  func project(_ id: String) -> ProjectFolder { ProjectFolder(path: path + "/projects/" + id) }

  /// Bytes that the disk has left.
  var free: Int {
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
    return (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
  }

  /// Bytes of all that lies in a folder.
  static func bytes(in folder: String) -> Int {
    var total = 0
    let entries = FileManager.default.enumerator(
      at: URL(fileURLWithPath: folder), includingPropertiesForKeys: [.fileSizeKey, .isRegularFileKey])
    while let entry = entries?.nextObject() as? URL {
      let values = try? entry.resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
      if values?.isRegularFile == true { total += values?.fileSize ?? 0 }
    }
    return total
  }

  static func bytes(of file: String) -> Int? {
    var status = stat()
    guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }
}

/// What lies in a project's folder.
struct ProjectFolder: Sendable {
  let path: String

  /// The uploaded file; its extension is ours, the format is told by the content.
  var source: String { path + "/source" }
  var thumbnails: String { path + "/thumbnails" }
  var marks: String { path + "/marks" }
  /// Tracks and fills, kept from one job to the next.
  var work: String { path + "/work" }
  var previewWork: String { path + "/preview" }
  var masks: String { path + "/masks" }
  /// Frames that the segmenter made ready, kept for the next session.
  var prepared: String { path + "/prepared" }
  var outputs: String { path + "/outputs" }
  var proxy: String { path + "/proxy.mp4" }
  var preview: String { path + "/preview.mp4" }
  /// The frames and objects that were marked when the masks were tracked.
  var anchors: String { path + "/anchors.json" }
  var trackReport: String { path + "/track.json" }
  var fillReport: String { path + "/fill.json" }

  func make() throws {
    for folder in [path, thumbnails, marks, outputs] {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  func mark(frame: Int, object: Int) -> String { marks + "/\(frame)-\(object).png" }
  /// The tracked mask that a mark corrects.
  func prior(frame: Int, object: Int) -> String { marks + "/\(frame)-\(object)-prior.png" }
  func thumbnail(_ frame: Int) -> String { thumbnails + "/\(frame).jpg" }
}
