import Foundation

extension PromptFile {
  /// What is wrong with a file that could not be decoded, in words.
  static func sentence(_ error: any Error, _ data: Data) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      return "\(place(context.codingPath)) has no \"\(key.stringValue)\""
    case DecodingError.valueNotFound(_, let context): return "\(place(context.codingPath)) is null"
    case DecodingError.typeMismatch(_, let context):
      return "\(place(context.codingPath)) is of the wrong kind; point is [x,y], box [x,y,w,h], scribble [[x,y],…]"
    case let error as UnknownKey: return "prompts[\(error.index)] has the unknown \"\(error.key)\""
    default:
      // Foundation calls a fraction where a whole number belongs corrupted data.
      let isJSON = (try? JSONSerialization.jsonObject(with: data)) != nil
      return isJSON ? "a number in it is too large or has a fraction; pixels and frames are whole" : "it is no valid JSON"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce("") { text, key in
      text + (key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue)
    }
    return text.isEmpty ? "it" : text
  }
}

/// A misspelt word would otherwise say nothing, and its prompt something else.
struct UnknownKey: Error {
  let index: Int
  let key: String
}

extension PromptFile.Entry {
  /// - Throws: `UnknownKey`.
  static func refuseUnknownKeys(_ data: Data) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    let file = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    for (index, entry) in ((file?["prompts"] as? [[String: Any]]) ?? []).enumerated() {
      if let key = entry.keys.sorted().first(where: { !known.contains($0) }) { throw UnknownKey(index: index, key: key) }
    }
  }
}
