import Foundation
import Imaging

/// Prompts in a JSON file, for `--prompts`:
/// `{"prompts": [{"frame": 0, "object": 1, "point": [x, y]}, {"avoid": [x, y]}, {"box": [x, y, w, h]}, {"mask": "a.png"}]}`.
/// `frame` is 0 and `object` 1 where not said; mask paths are relative to the file.
public struct PromptFile: Codable, Sendable, Equatable {
  struct Entry: Codable, Equatable {
    var frame: Int?
    var object: Int?
    var point: [Int]?
    var avoid: [Int]?
    var box: [Int]?
    var mask: String?
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
      }
      return entry
    }
  }

  /// - Throws: `RemovalError.badRequest` that names the file and the entry.
  public static func read(_ path: String) throws(RemovalError) -> [ObjectPrompt] {
    let file: PromptFile
    do {
      file = try JSONDecoder().decode(PromptFile.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw RemovalError(.badRequest, "\(path) is not a prompt file", underlying: error)
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    var prompts: [ObjectPrompt] = []
    for (index, entry) in file.prompts.enumerated() {
      guard let shape = entry.shape(relativeTo: folder) else {
        throw RemovalError(
          .badRequest, "\(path): prompt \(index) needs exactly one of point [x,y], avoid [x,y], box [x,y,w,h] and mask")
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
    if let mask { shapes.append(.mask(path: URL(fileURLWithPath: mask, relativeTo: folder).path)) }
    let given = [point != nil, avoid != nil, box != nil, mask != nil].count { $0 }
    return given == 1 ? shapes.first : nil
  }
}
