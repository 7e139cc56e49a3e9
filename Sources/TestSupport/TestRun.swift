import Foundation

/// What one run of the tests makes once and shares among them.
public enum TestRun {
  /// A folder of this process alone, which goes when the process ends. All test targets share it: a
  /// file's name says whose it is.
  public static let folder: String = {
    let path = FileManager.default.temporaryDirectory.path + "/cleanplate-run-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(atPath: TestRun.folder) }
    return path
  }()
}
