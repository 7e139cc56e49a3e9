import Foundation
import Synchronization

/// Names and moves files that are written beside their final place.
enum StagedPath {
  private static let serial = Atomic<Int>(0)

  /// `.NAME.partial-PID` in the folder of `path`; a number follows where this process already writes such a file.
  static func beside(_ path: String) -> String {
    let (folder, name) = split(path)
    let number = serial.wrappingAdd(1, ordering: .relaxed).oldValue
    let suffix = ".partial-\(getpid())" + (number == 0 ? "" : "-\(number)")
    return folder + "." + shortened(name, to: 254 - suffix.utf8.count) + suffix
  }

  /// The folder with its trailing slash (empty where the path has none), and the last component.
  static func split(_ path: String) -> (folder: String, name: String) {
    let trimmed = withoutTrailingSlashes(path)
    guard let slash = trimmed.lastIndex(of: "/") else { return ("", trimmed) }
    return (String(trimmed[...slash]), String(trimmed[trimmed.index(after: slash)...]))
  }

  static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.last == "/" { path.removeLast() }
    return String(path)
  }

  /// Removes what processes that have ended left of earlier attempts at the same output.
  static func removeLeftovers(of path: String) {
    let (folder, name) = split(path)
    let prefix = "." + name + ".partial-"
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    for entry in entries where entry.hasPrefix(prefix) {
      guard let process = pid_t(entry.dropFirst(prefix.count).prefix { $0 != "-" }) else { continue }
      if process > 0, kill(process, 0) != 0, errno == ESRCH {
        try? FileManager.default.removeItem(atPath: folder + entry)
      }
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether both names lead to the same file.
  static func isSameFile(_ first: String, _ second: String) -> Bool {
    var (a, b) = (stat(), stat())
    guard stat(first, &a) == 0, stat(second, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// Waits until a file's or folder's content is on the disk.
  static func synchronize(_ path: String, for file: String) throws(VideoIOError) {
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.cannotWrite, file: file, "the output could not be checked") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else {
      throw .system(.cannotWrite, file: file, "the output could not be brought to the disk")
    }
  }

  private static func shortened(_ name: String, to bytes: Int) -> String {
    var name = name
    while name.utf8.count > bytes - 1 { name.removeLast() }
    return name
  }
}

extension VideoIOError {
  /// An error with the words that the system has for `errno`.
  static func system(_ code: Code, file: String, frame: Int? = nil, _ message: String) -> VideoIOError {
    VideoIOError(code, file: file, frame: frame, message, underlying: String(cString: strerror(errno)))
  }

  static func alreadyThere(_ path: String) -> VideoIOError {
    VideoIOError(.exists, file: path, "the output is there already; --force replaces it")
  }
}
