import Foundation
import Imaging
import TestSupport
import VideoIO

/// A rendered scene as files in a folder of its own: the clip, lossless, and its masks.
final class RenderedClip {
  let folder: String
  let scene: SyntheticScene
  let video: String
  let masks: String

  /// What the masks hold.
  enum Marked { case allThatChanges, objectsAlone }

  init(
    width: Int = 160, height: Int = 96, frames: Int = 24, bitDepth: Int = 8, options: SyntheticScene.Options = .init(),
    marked: Marked = .allThatChanges
  ) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleanplate-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    scene = SyntheticScene(width: width, height: height, frameCount: frames, seed: 7, options: options)
    video = folder + "/clip.mkv"
    masks = folder + "/masks/"
    try FileManager.default.createDirectory(atPath: masks, withIntermediateDirectories: true)
    var settings = EncodeSettings()
    settings.codec = .ffv1
    try scene.write(to: video, format: PixelFormat(.yuv420, bitDepth: bitDepth), settings: settings)
    for index in 0..<frames {
      let rendered = scene.frame(index)
      var mask = rendered.objects
      if marked == .allThatChanges { mask.labels = rendered.changed.map { $0 != 0 ? 1 : 0 } }
      try MaskFile.write(mask, to: masks + String(format: "%05d.png", index))
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
}
