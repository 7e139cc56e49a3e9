import Foundation
import ObjectRemoval

/// What tracking and filling said of each frame, together.
struct WorkReport: Encodable, Sendable {
  struct Entry: Encodable, Sendable {
    var frame: Int
    var confidence: [String: Float] = [:]
    var borrowed = 0.0
    var madeUp = 0.0
    var abstained = 0.0
  }

  var frames: [Entry] = []
  /// Frames of which the tracker is least sure, worst first.
  var worst: [Int] = []
  var warnings: [String] = []

  init(_ folder: ProjectFolder) {
    var entries: [Int: Entry] = [:]
    let track = Self.read(folder.trackReport)
    for frame in track?.frames ?? [] {
      entries[frame.frame, default: Entry(frame: frame.frame)].confidence = frame.confidence
    }
    let fill = Self.read(folder.fillReport)
    for frame in fill?.frames ?? [] {
      var entry = entries[frame.frame] ?? Entry(frame: frame.frame)
      (entry.borrowed, entry.madeUp, entry.abstained) = (frame.borrowed, frame.madeUp, frame.abstained)
      entries[frame.frame] = entry
    }
    frames = entries.values.sorted { $0.frame < $1.frame }
    worst = track?.framesToCheck(below: 0.75, atMost: 20) ?? []
    warnings = (track?.warnings ?? []) + (fill?.warnings ?? []).filter { track?.warnings.contains($0) != true }
  }

  private static func read(_ path: String) -> RemovalReport? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(RemovalReport.self, from: $0) }
  }
}
