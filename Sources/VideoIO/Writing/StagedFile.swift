import Foundation

/// An output file that is written beside its final name and renamed into place when it is whole.
///
/// Discarded by `discard()` and at the end of its life, unless `commit()` succeeded.
final class StagedFile {
  let path: String
  /// Where to write; empty and reserved once the value is made.
  let stagedPath: String
  private let force: Bool
  private var isOpen = true

  /// - Throws: `VideoIOError`: `.exists` without `force`; `.cannotWrite` where the folder is missing or read-only.
  init(_ path: String, force: Bool) throws(VideoIOError) {
    self.path = path
    self.force = force
    try Self.checkTarget(path, force: force)
    StagedPath.removeLeftovers(of: path)
    stagedPath = StagedPath.beside(path)
    let descriptor = open(stagedPath, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      isOpen = false
      throw .system(.cannotWrite, file: path, "the output cannot be written here")
    }
    close(descriptor)
  }

  deinit { discard() }

  /// - Throws: `VideoIOError.exists` where a file of that name appeared meanwhile and `force` was not given.
  func commit() throws(VideoIOError) {
    guard isOpen else { return }
    try StagedPath.synchronize(stagedPath, for: path)
    try moveIntoPlace()
    isOpen = false
    try? StagedPath.synchronize(StagedPath.split(path).folder, for: path)
  }

  func discard() {
    guard isOpen else { return }
    isOpen = false
    unlink(stagedPath)
  }

  private func moveIntoPlace() throws(VideoIOError) {
    if !force {
      // A hard link fails where the name is taken, which a rename does not.
      if link(stagedPath, path) == 0 {
        unlink(stagedPath)
        return
      }
      if errno == EEXIST || StagedPath.exists(path) { throw .alreadyThere(path) }
    }
    guard rename(stagedPath, path) == 0 else {
      throw .system(.cannotWrite, file: path, "the output could not be renamed into place")
    }
  }

  private static func checkTarget(_ path: String, force: Bool) throws(VideoIOError) {
    guard !path.isEmpty else { throw VideoIOError(.cannotWrite, file: path, "the output has no name") }
    var status = stat()
    guard stat(path, &status) == 0 else {
      if StagedPath.exists(path), !force { throw .alreadyThere(path) }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: if !force { throw .alreadyThere(path) }
    case S_IFDIR: throw VideoIOError(.cannotWrite, file: path, "the output is a folder")
    default: throw VideoIOError(.cannotWrite, file: path, "the output is not a regular file")
    }
  }
}
