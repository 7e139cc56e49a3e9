import Foundation

/// The folder of real clips: `CLEANPLATE_SHARED`, or `../shared` beside the checkout. Tests that need it skip where it is missing.
public enum SharedClips {
  public static let folder: URL? = {
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment["CLEANPLATE_SHARED"] ?? checkout.path + "/../shared"
    let url = URL(fileURLWithPath: path).standardizedFileURL
    return FileManager.default.fileExists(atPath: url.path + "/clips") ? url : nil
  }()

  public static var isAvailable: Bool { folder != nil }

  /// A file or folder below it, such as `clips/bmx-trees/frames`.
  public static func path(_ relative: String) -> String? { folder.map { $0.path + "/" + relative } }
}
