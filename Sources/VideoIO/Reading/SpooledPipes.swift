import Synchronization

/// The pipes that are kept in temporary files at this moment, so that the writing half finds their sound.
enum SpooledPipes {
  private struct Entry: Sendable {
    weak let file: InputFile?
  }

  private static let entries = Mutex<[String: Entry]>([:])

  static func remember(_ file: InputFile) {
    let (path, entry) = (file.path, Entry(file: file))
    entries.withLock { $0[path] = entry }
  }

  /// What came through the pipe at `path`, while its clip is open.
  static func file(_ path: String) -> InputFile? {
    entries.withLock { $0[path] }?.file
  }
}
