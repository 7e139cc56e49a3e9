import Foundation
import Imaging
import VideoIO

/// Prompts in a JSON file, for `--prompts`:
/// `{"prompts": [{"frame": 0, "object": 1, "point": [x, y]}, {"avoid": [x, y]}, {"box": [x, y, w, h]}, {"mask": "a.png"},
/// {"scribble": [[x, y], …]}, {"avoidScribble": [[x, y], …]}]}`.
/// `frame` is 0 and `object` 1 where not said; mask paths are relative to the file.
public struct PromptFile: Codable, Sendable, Equatable {
  struct Entry: Codable, Equatable {
    enum CodingKeys: String, CodingKey, CaseIterable {
      case frame, object, point, avoid, box, mask, scribble, avoidScribble
    }

    var frame: Int?
    var object: Int?
    var point: [Int]?
    var avoid: [Int]?
    var box: [Int]?
    var mask: String?
    var scribble: [[Int]]?
    var avoidScribble: [[Int]]?
  }

  var prompts: [Entry]

  public init(_ prompts: [ObjectPrompt]) {
    self.prompts = prompts.map { prompt in
      var entry = Entry(frame: prompt.frame, object: prompt.object)
      switch prompt.shape {
      case .point(let x, let y): entry.point = [x, y]
      case .avoid(let x, let y): entry.avoid = [x, y]
      case .box(let box): entry.box = [box.x, box.y, box.width, box.height]
      case .mask(let path): entry.mask = path
      case .scribble(let points, let isInside):
        let line = points.map { [$0.x, $0.y] }
        if isInside { entry.scribble = line } else { entry.avoidScribble = line }
      }
      return entry
    }
  }

  /// - Throws: `VideoIOError.cannotOpen`; `RemovalError.badRequest` that names the file and the entry.
  public static func read(_ path: String) throws -> [ObjectPrompt] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw VideoIOError(.cannotOpen, file: path, "the prompts cannot be read: there is no such file, or it may not be read")
    }
    let file: PromptFile
    do {
      file = try JSONDecoder().decode(PromptFile.self, from: data)
      try Entry.refuseUnknownKeys(data)
    } catch {
      throw RemovalError(.badRequest, "\(path) is not a prompt file: \(Self.sentence(error, data))")
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    var prompts: [ObjectPrompt] = []
    for (index, entry) in file.prompts.enumerated() {
      guard let shape = entry.shape(relativeTo: folder) else {
        throw RemovalError(
          .badRequest,
          "\(path): prompt \(index) needs exactly one of point [x,y], avoid [x,y], box [x,y,w,h], "
            + "mask, scribble [[x,y],…] and avoidScribble, none of them empty")
      }
      prompts.append(ObjectPrompt(shape, frame: entry.frame ?? 0, object: entry.object ?? 1))
    }
    return prompts
  }

  public func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }
}

extension PromptFile.Entry {
  fileprivate func shape(relativeTo folder: URL) -> ObjectPrompt.Shape? {
    var shapes: [ObjectPrompt.Shape] = []
    if let point { shapes += point.count == 2 ? [.point(x: point[0], y: point[1])] : [] }
    if let avoid { shapes += avoid.count == 2 ? [.avoid(x: avoid[0], y: avoid[1])] : [] }
    if let box, box.count == 4 { shapes.append(.box(Region(x: box[0], y: box[1], width: box[2], height: box[3]))) }
    if let mask, !mask.isEmpty { shapes.append(.mask(path: URL(fileURLWithPath: mask, relativeTo: folder).path)) }
    for (line, isInside) in [(scribble, true), (avoidScribble, false)] {
      guard let line, !line.isEmpty, line.allSatisfy({ $0.count == 2 }) else { continue }
      shapes.append(.scribble(line.map { ObjectPrompt.Point(x: $0[0], y: $0[1]) }, isInside: isInside))
    }
    let given =
      [point, avoid, box].count { $0 != nil } + [scribble, avoidScribble].count { $0 != nil }
      + (mask == nil ? 0 : 1)
    return given == 1 ? shapes.first : nil
  }
}
