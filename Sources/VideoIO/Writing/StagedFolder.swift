import Foundation

/// An output folder whose files are written beside it and moved into place when all are whole.
///
/// A new folder is renamed as a whole. Into a folder that is there already, the files are renamed one by one.
/// Discarded by `discard()` and at the end of its life, unless `commit()` succeeded.
final class StagedFolder {
  let path: String
  let stagedPath: String
  /// Files that were in the folder before and stay in it.
  private(set) var keptFiles = 0
  private let target: String
  private let force: Bool
  private let isNew: Bool
  private var names: [String] = []
  private var isOpen = true

  /// - Throws: `VideoIOError`: `.exists` where the folder holds files and `force` is not given; `.cannotWrite`.
  init(_ path: String, force: Bool) throws(VideoIOError) {
    self.path = path
    self.force = force
    target = StagedPath.withoutTrailingSlashes(path)
    isNew = !StagedPath.isFolder(target)
    if isNew {
      guard !StagedPath.exists(target) else {
        throw VideoIOError(.cannotWrite, file: path, "the output is to be a folder, and a file has its name")
      }
      stagedPath = StagedPath.beside(target)
      StagedPath.removeLeftovers(of: target)
    } else {
      stagedPath = StagedPath.beside(target + "/frames")
      StagedPath.removeLeftovers(of: target + "/frames")
      keptFiles = try Self.visibleFiles(target, path).count
      guard keptFiles == 0 || force else { throw .alreadyThere(path) }
    }
    guard mkdir(stagedPath, 0o777) == 0 else {
      isOpen = false
      throw .system(.cannotWrite, file: path, "the output folder cannot be made here")
    }
  }

  deinit { discard() }

  /// Where to write the file that will be called `name`.
  func add(_ name: String) -> String {
    names.append(name)
    return stagedPath + "/" + name
  }

  func commit() throws(VideoIOError) {
    guard isOpen else { return }
    try StagedPath.synchronize(stagedPath, for: path)
    if isNew { try moveWhole() } else { try moveFiles() }
    isOpen = false
    try? StagedPath.synchronize(isNew ? StagedPath.split(target).folder : target, for: path)
  }

  func discard() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(atPath: stagedPath)
  }

  /// A rename replaces nothing but an empty folder.
  private func moveWhole() throws(VideoIOError) {
    guard rename(stagedPath, target) != 0 else { return }
    if errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR { throw .alreadyThere(path) }
    throw .system(.cannotWrite, file: path, "the output folder could not be renamed into place")
  }

  private func moveFiles() throws(VideoIOError) {
    let taken = Set(try Self.visibleFiles(target, path))
    if !force, let name = names.first(where: taken.contains) { throw .alreadyThere(target + "/" + name) }
    for name in names where rename(stagedPath + "/" + name, target + "/" + name) != 0 {
      throw .system(.cannotWrite, file: target + "/" + name, "the output could not be renamed into place")
    }
    keptFiles = taken.subtracting(names).count
    rmdir(stagedPath)
  }

  private static func visibleFiles(_ folder: String, _ path: String) throws(VideoIOError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }
    } catch {
      throw VideoIOError(
        .cannotWrite, file: path, "the output folder cannot be read", underlying: "\(error.localizedDescription)")
    }
  }
}
