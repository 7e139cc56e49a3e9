import Foundation

/// The `cleanplate` that the tests run: beside the test bundle, or where `CLEANPLATE_BINARY` says.
public enum BuiltTool {
  public static let path: String = {
    if let path = ProcessInfo.processInfo.environment["CLEANPLATE_BINARY"] { return path }
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "cleanplate")
      if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate.path }
      folder.deleteLastPathComponent()
    }
    return "cleanplate"
  }()
}
