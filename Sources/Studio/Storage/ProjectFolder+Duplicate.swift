import Foundation

extension ProjectFolder {
  /// Makes `copy` hold what this folder holds, while jobs and sessions go on writing here.
  ///
  /// Every file of a project is written beside and renamed into place, so a file that has its name never changes: the
  /// copy shares it (a hard link) and takes no room until either project is done again. Where the file system has no
  /// links it is copied. What is still being written, and what goes while this reads, is left out: the copy stands
  /// as after a kill, from which every job goes on.
  /// - Throws: where the disk refuses; nothing of the copy is left then.
  func duplicate(to copy: ProjectFolder) throws {
    do {
      try Self.link(path, to: copy.path)
      try copy.make()
    } catch {
      try? FileManager.default.removeItem(atPath: copy.path)
      throw error
    }
  }

  private static func link(_ folder: String, to copy: String) throws {
    try FileManager.default.createDirectory(
      atPath: copy, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
    for name in names where !isUnfinished(name) {
      let (from, to) = ("\(folder)/\(name)", "\(copy)/\(name)")
      switch kind(of: from) {
      case S_IFDIR: try link(from, to: to)
      case S_IFREG: try linkFile(from, to)
      default: break
      }
    }
  }

  /// Marked so by what writes it: staged outputs, stages' files, fresh masks, Foundation's own; and the run's lock.
  private static func isUnfinished(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasSuffix(".partial") || name.hasSuffix(".new") || name.hasSuffix(".old")
      || name == "lock"
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func linkFile(_ from: String, _ to: String) throws {
    if Foundation.link(from, to) == 0 || errno == ENOENT { return }
    do {
      try FileManager.default.copyItem(atPath: from, toPath: to)
    } catch where kind(of: from) == nil {
      try? FileManager.default.removeItem(atPath: to)
    }
  }
}
