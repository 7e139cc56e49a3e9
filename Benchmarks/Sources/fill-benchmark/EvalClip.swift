import Foundation
import Imaging
import TestSupport

/// One clip under one protocol: the truth, the holes, and the frames with their holes painted grey.
struct EvalClip {
  enum Holes: String, CaseIterable { case still, moving }

  let name: String
  let holes: Holes
  let truth: [RGBImage]
  let masks: [Plane<UInt8>]
  let blanked: [RGBImage]

  init(folder: URL, name: String, holes: Holes, limit: Int) throws {
    self.name = name
    self.holes = holes
    let clip = folder.appendingPathComponent(name)
    let frames = try EvalClip.files(clip.appendingPathComponent("frames")).prefix(limit)
    truth = try frames.map { try PortableAnymap.image(at: $0) }
    switch holes {
    case .still:
      let mask = try PortableAnymap.plane(at: clip.appendingPathComponent("still.pgm").path)
      masks = truth.map { _ in mask }
    case .moving:
      masks = try EvalClip.files(clip.appendingPathComponent("moving")).prefix(limit).map {
        try PortableAnymap.plane(at: $0)
      }
    }
    blanked = zip(truth, masks).map { image, mask in
      var image = image
      for index in image.pixels.indices where mask.samples[index] != 0 {
        image.pixels[index] = SIMD4(128 << 8, 128 << 8, 128 << 8, 0)
      }
      return image
    }
  }

  private static func files(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { folder.path + "/" + $0 }
  }
}
