import Foundation
import Imaging
import TestSupport

/// One object with exact truth on one frame.
struct ClickObject {
  var name: String
  var clip: String
  var framePath: String
  /// The frames two before and two after, or two and four to one side, as the job takes them.
  var neighbourPaths: [String]
  var truth: Plane<UInt8>
}

/// The objects of the clips with exact truth, by fixed rules.
enum ClickClips {
  /// Frames taken from each clip; every labelled one where none is named.
  private static let frames: [(clip: String, frames: [String])] = [
    ("car-shadow", ["00000", "00020"]), ("bmx-trees", ["00000", "00040"]), ("judo", []), ("bike", []),
    ("market", []), ("crowd", []),
  ]
  /// In frames with whole scenes labelled: so many of the largest compact things.
  private static let thingsPerScene = 11
  private static let smallest = 100

  static func objects(in folder: String, clips: [String]) throws -> [ClickObject] {
    var objects: [ClickObject] = []
    for (clip, names) in frames where clips.isEmpty || clips.contains(clip) {
      let masks = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(clip)/masks").sorted()
      for mask in masks {
        let stem = String(mask.dropLast(4))
        guard names.isEmpty || names.contains(stem) else { continue }
        let labels = try PortableAnymap.plane(at: "\(folder)/\(clip)/masks/\(mask)")
        let frame = stem == "mask" ? "frame" : stem
        let image = try PortableAnymap.image(at: "\(folder)/\(clip)/frames/\(frame).ppm")
        // One mask of judo lacks a column.
        guard image.width == labels.width, image.height == labels.height else { continue }
        for (label, truth) in things(labels, isScene: stem == "mask") {
          objects.append(
            ClickObject(
              name: "\(stem)#\(label)", clip: clip, framePath: "\(folder)/\(clip)/frames/\(frame).ppm",
              neighbourPaths: neighbours(of: frame, in: "\(folder)/\(clip)/frames"), truth: truth))
        }
      }
    }
    return objects
  }

  private static func neighbours(of frame: String, in folder: String) -> [String] {
    guard let number = Int(frame) else { return [] }
    return Array(
      [-2, 2, -4, 4].map { folder + "/" + String(format: "%05d.ppm", number + $0) }.filter {
        FileManager.default.fileExists(atPath: $0)
      }.prefix(2))
  }

  private static func things(_ labels: Plane<UInt8>, isScene: Bool) -> [(UInt8, Plane<UInt8>)] {
    var things: [(label: UInt8, area: Int, truth: Plane<UInt8>)] = []
    for label in Mask(labels: labels).objects where label != 255 {
      let truth = labels.map { $0 == label ? UInt8(255) : 0 }
      let area = truth.samples.count { $0 != 0 }
      guard area >= smallest else { continue }
      if isScene, area * 20 > labels.samples.count || largestPart(truth) * 100 < area * 95 { continue }
      things.append((label, area, truth))
    }
    guard isScene else { return things.map { ($0.label, $0.truth) } }
    return things.sorted { $0.area > $1.area }.prefix(thingsPerScene).map { ($0.label, $0.truth) }
  }

  private static func largestPart(_ truth: Plane<UInt8>) -> Int {
    var open = truth.samples.map { $0 != 0 }
    var largest = 0
    for start in open.indices where open[start] {
      var stack = [start]
      var size = 0
      open[start] = false
      while let p = stack.popLast() {
        size += 1
        let x = p % truth.width
        for (q, exists) in [
          (p - 1, x > 0), (p + 1, x + 1 < truth.width), (p - truth.width, true), (p + truth.width, true),
        ] where exists && open.indices.contains(q) && open[q] {
          open[q] = false
          stack.append(q)
        }
      }
      largest = max(largest, size)
    }
    return largest
  }
}
