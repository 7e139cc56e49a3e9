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

  static func files(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { folder + "/" + $0 }
  }
}
