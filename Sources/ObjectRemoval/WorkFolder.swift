import Foundation
import VideoIO

/// The folder beside the output where a job keeps its tracks and finished ranges until the output stands.
///
/// Each stage has a folder of its own with a manifest of what its results depend on; results of another manifest are
/// thrown away, and a folder that no job of ours made is refused. Files appear whole or not at all. Locked against a
/// second run; the lock goes with the process.
final class WorkFolder {
  let path: String
  private let lock: Int32

  /// - Parameters:
  ///   - output: what is made.
  ///   - kept: the folder to use; nil: one beside the output.
  /// - Throws: `RemovalError.busy` where another run holds the folder, `.workFolder` where it cannot be made.
  init(besides output: String, kept: String? = nil) throws {
    path = kept ?? Self.path(besides: output)
    try Self.makeFolder(path)
    lock = Foundation.open(path + "/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard lock >= 0 else { throw Self.failure("cannot write in \(path)") }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      Foundation.close(lock)
      throw RemovalError(.busy, "another run is making \(output); wait for it, or choose another output")
    }
  }

  deinit { Foundation.close(lock) }

  static func path(besides output: String) -> String {
    let trimmed = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
    let url = URL(fileURLWithPath: trimmed)
    return url.deletingLastPathComponent().path + "/." + shortened(url.lastPathComponent) + ".cleanplate"
  }

  /// Names of files may have 255 bytes; longer ones are told apart by their hash.
  private static func shortened(_ name: String) -> String {
    guard name.utf8.count > 240 else { return name }
    let hash = (try? ContentHash.of(Array(name.utf8))) ?? ""
    var start = name
    while start.utf8.count > 200 { start.removeLast() }
    return start + "-" + hash
  }

  /// The folder of a stage whose results depend on `manifest` alone; what another manifest left is removed.
  func stage(_ name: String, manifest: some Encodable, resumes: Bool) throws -> StageFolder {
    let folder = StageFolder(path: path + "/" + name)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    let wanted = try encoder.encode(manifest)
    if !resumes || folder.data("manifest.json") != wanted {
      try folder.refuseIfForeign()
      try? FileManager.default.removeItem(atPath: folder.path)
      try Self.makeFolder(folder.path)
      try folder.write(wanted, as: "manifest.json")
    }
    return folder
  }

  /// Whether the stage of that name was begun.
  func has(_ stage: String) -> Bool { access(path + "/" + stage, F_OK) == 0 }

  /// Removes everything, once the output stands.
  func discard() { try? FileManager.default.removeItem(atPath: path) }

  fileprivate static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    } catch {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue { return }
      throw failure("cannot make the work folder \(path)")
    }
  }

  fileprivate static func failure(_ sentence: String) -> RemovalError {
    RemovalError(.workFolder, "\(sentence): \(String(cString: strerror(errno)))")
  }
}

/// One stage's results on disk.
struct StageFolder {
  let path: String

  /// A folder within, made where it is not there.
  func part(_ name: String) throws -> StageFolder {
    let part = StageFolder(path: path + "/" + name)
    try WorkFolder.makeFolder(part.path)
    return part
  }

  func has(_ name: String) -> Bool { access(path + "/" + name, F_OK) == 0 }

  /// - Throws: `RemovalError.workFolder` where what is there was made by somebody else.
  fileprivate func refuseIfForeign() throws(RemovalError) {
    var status = stat()
    guard lstat(path, &status) == 0, !has("manifest.json") else { return }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let names = isFolder ? (try? FileManager.default.contentsOfDirectory(atPath: path)) : nil
    // A job that was killed at its beginning leaves no more.
    if let names, names.allSatisfy({ $0 == "manifest.json.partial" }) { return }
    throw RemovalError(.workFolder, "\(path) was not made by cleanplate: choose another folder for --work")
  }

  func data(_ name: String) -> Data? { FileManager.default.contents(atPath: path + "/" + name) }

  func remove(_ name: String) { unlink(path + "/" + name) }

  func value<Value: Decodable>(_ type: Value.Type, _ name: String) -> Value? {
    data(name).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  func write(_ value: some Encodable, as name: String) throws {
    try write(JSONEncoder().encode(value), as: name)
  }

  /// Writes beside, flushes to the disk and renames into place.
  /// - Throws: `RemovalError.workFolder` with the system's words: a full disk, mostly.
  func write(_ data: Data, as name: String) throws {
    let final = path + "/" + name
    let partial = final + ".partial"
    let file = Foundation.open(partial, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw WorkFolder.failure("cannot write \(final)") }
    defer { Foundation.close(file) }
    try data.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Foundation.write(file, bytes.baseAddress! + written, bytes.count - written)
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { throw abandoned(partial, "cannot write \(final)") }
        written += count
      }
    }
    guard fsync(file) == 0, rename(partial, final) == 0 else { throw abandoned(partial, "cannot write \(final)") }
  }

  private func abandoned(_ partial: String, _ sentence: String) -> RemovalError {
    let failure = WorkFolder.failure(sentence)
    unlink(partial)
    return failure
  }
}

/// Frame numbers in file names sort as they count.
func frameName(_ index: Int, _ suffix: String) -> String {
  let digits = String(index)
  return String(repeating: "0", count: max(0, 7 - digits.count)) + digits + suffix
}
