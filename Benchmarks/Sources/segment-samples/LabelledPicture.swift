import Foundation
import Imaging
import TestSupport

/// A picture with several people's segmentations and the objects that they agree on.
struct LabelledPicture {
  let image: RGBImage
  /// One a person: a label for each pixel.
  let segmentations: [[UInt16]]
  let objects: [Plane<UInt8>]

  init(_ folder: String, _ name: String) throws {
    image = try PortableAnymap.image(at: "\(folder)/\(name).ppm")
    let area = image.width * image.height
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).segs")))
    segmentations = (0..<bytes.count / (2 * area)).map { person in
      (0..<area).map { UInt16(bytes[2 * (person * area + $0)]) | UInt16(bytes[2 * (person * area + $0) + 1]) << 8 }
    }
    let masks = (try? [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).objs")))) ?? []
    let (width, height) = (image.width, image.height)
    objects = (0..<masks.count / area).map {
      Plane(width: width, height: height, samples: Array(masks[$0 * area..<($0 + 1) * area]))
    }
  }
}

extension LabelledPicture {
  private static let leastThing = 0.006
  private static let mostBorder = 0.6

  /// The objects that somebody would click on: no specks, and no grounds, which lie along the frame's border.
  var things: [Plane<UInt8>] {
    objects.filter { object in
      let area = object.samples.count { $0 != 0 }
      let (right, bottom) = (object.width - 1, object.height - 1)
      var border = 0
      for x in 0...right { border += (object[x, 0] != 0 ? 1 : 0) + (object[x, bottom] != 0 ? 1 : 0) }
      for y in 0...bottom { border += (object[0, y] != 0 ? 1 : 0) + (object[right, y] != 0 ? 1 : 0) }
      return Double(area) > LabelledPicture.leastThing * Double(object.samples.count)
        && Double(border) < LabelledPicture.mostBorder * Double(area).squareRoot()
    }
  }
}

/// Rows of floats in files that numpy reads.
struct SampleSink {
  private var buffers: [String: [Float]] = [:]
  private let folder: String
  private let suffix: String

  init(folder: String, suffix: String) throws {
    self.folder = folder
    self.suffix = suffix
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  mutating func add(_ kind: String, _ row: [Float]) { buffers[kind, default: []].append(contentsOf: row) }

  func close() throws {
    for (kind, values) in buffers {
      let data = values.withUnsafeBytes { Data($0) }
      try data.write(to: URL(fileURLWithPath: "\(folder)/\(kind)-\(suffix).f32"))
    }
  }
}
