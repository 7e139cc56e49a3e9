import Foundation
import Imaging
import TestSupport
import VideoIO

/// A folder of a test's own that goes with it, with small clips to work on.
final class Workspace {
  let path: String
  /// 128x72, 10 frames, with sound.
  static let scene = SyntheticScene(width: 128, height: 72, frameCount: 10, seed: 2)

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "cleanplate-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// A copy of the small clip under `name`.
  func clip(_ name: String = "clip.mp4") throws -> String {
    try FileManager.default.copyItem(atPath: try SmallClip.path(), toPath: file(name))
    return file(name)
  }

  /// The scene's true masks as a folder of PNG.
  func masks(_ name: String = "masks", of scene: SyntheticScene = Workspace.scene) throws -> String {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
    for index in 0..<scene.frameCount {
      try MaskFile.write(scene.frame(index).objects, to: file(name) + String(format: "/%05d.png", index))
    }
    return file(name)
  }

  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? [] }
}

/// The small clip, rendered once a run of the tests.
private enum SmallClip {
  private static let rendered = Result {
    let path = TestRun.folder + "/command-line.mp4"
    try Workspace.scene.write(to: path, hasSound: true)
    return path
  }

  static func path() throws -> String { try rendered.get() }
}
