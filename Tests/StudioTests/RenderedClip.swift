import Foundation
import TestSupport

/// Rendered clips, each made once a run of the tests.
enum RenderedClip {
  static let small = SyntheticScene(width: 160, height: 96, frameCount: 12, seed: 2)
  static let long = SyntheticScene(width: 256, height: 144, frameCount: 60, seed: 3)

  static let smallPath = Result { try render(small, "small") }
  static let longPath = Result { try render(long, "long") }

  private static func render(_ scene: SyntheticScene, _ name: String) throws -> String {
    let path = "\(TestRun.folder)/studio-\(name).mp4"
    try scene.write(to: path, hasSound: true)
    return path
  }
}
