import Foundation
import Imaging
import TestSupport

/// A clip with the truth, where there is one, for each frame.
struct Clip {
  let name: String
  var frames: [RGBImage]
  /// nil where the frame's truth is not known.
  var truth: [Mask?]

  static func folder(_ name: String, at path: String) throws -> Clip {
    let frames = try files(path + "/frames").map { try PortableAnymap.image(at: $0) }
    let names = try files(path + "/frames").map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
    let truth = try names.map { frame -> Mask? in
      let file = path + "/masks/\(frame).pgm"
      guard FileManager.default.fileExists(atPath: file) else { return nil }
      return Mask(labels: try PortableAnymap.plane(at: file))
    }
    return Clip(name: name, frames: frames, truth: truth)
  }

  /// Writes `folder/NAME/frames` and `masks` as `folder(_:at:)` reads them.
  func write(to folder: String) throws {
    let own = folder + "/" + name.replacingOccurrences(of: " ", with: "-")
    for part in ["frames", "masks"] {
      try FileManager.default.createDirectory(atPath: own + "/" + part, withIntermediateDirectories: true)
    }
    for t in frames.indices {
      let stem = String(format: "%05d", t)
      try PortableAnymap.write(frames[t], to: own + "/frames/\(stem).ppm")
      if let mask = truth[t] { try PortableAnymap.write(mask.labels, to: own + "/masks/\(stem).pgm") }
    }
  }

  /// The same clip with up to a level of noise, which no person would see: how far results hang on chance.
  func noisy(_ seed: UInt64) -> Clip {
    var clip = self
    var state = seed &+ 0x9E37_79B9_7F4A_7C15
    for t in clip.frames.indices {
      for i in clip.frames[t].pixels.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        for c in 0..<3 {
          let noise = Int(truncatingIfNeeded: state >> UInt64(24 + 12 * c)) & 511
          let level = Int(clip.frames[t].pixels[i][c]) + noise - 256
          clip.frames[t].pixels[i][c] = UInt16(max(0, min(65280, level)))
        }
      }
    }
    return clip
  }

  static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
  }
}
