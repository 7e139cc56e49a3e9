import Foundation
import Imaging

extension ObjectPrompt {
  public enum Kind: String, Sendable { case point, avoid, box }

  /// Reads `X,Y[@FRAME][#OBJECT]`, or `X,Y,W,H[@FRAME][#OBJECT]` for a box.
  /// - Throws: `RemovalError.badRequest` that quotes the text.
  public init(parsing text: String, as kind: Kind) throws(RemovalError) {
    let form = kind == .box ? "X,Y,W,H[@FRAME][#OBJECT]" : "X,Y[@FRAME][#OBJECT]"
    func malformed() -> RemovalError {
      RemovalError(.badRequest, "--\(kind.rawValue) \(text) is not of the form \(form)")
    }
    var body = Substring(text)
    let object = try Self.takeSuffix("#", from: &body, orThrow: malformed()) ?? 1
    let frame = try Self.takeSuffix("@", from: &body, orThrow: malformed()) ?? 0
    let numbers = body.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == (kind == .box ? 4 : 2), !numbers.contains(nil) else { throw malformed() }
    let n = numbers.compactMap { $0 }
    guard n.allSatisfy({ abs($0) < 1 << 24 }) else { throw malformed() }
    switch kind {
    case .point: self = .point(n[0], n[1], frame: frame, object: object)
    case .avoid: self = .avoid(n[0], n[1], frame: frame, object: object)
    case .box: self = .box(n[0], n[1], n[2], n[3], frame: frame, object: object)
    }
  }

  /// Reads `FILE[@FRAME]`. A file whose own name ends in `@12` is taken whole where it exists.
  public init(parsingMask text: String) {
    if !FileManager.default.fileExists(atPath: text), let at = text.lastIndex(of: "@"),
      let frame = Int(text[text.index(after: at)...])
    {
      self = .mask(String(text[..<at]), frame: frame)
    } else {
      self = .mask(text)
    }
  }

  private static func takeSuffix(
    _ mark: Character, from body: inout Substring, orThrow error: RemovalError
  ) throws(RemovalError) -> Int? {
    guard let position = body.lastIndex(of: mark) else { return nil }
    guard let number = Int(body[body.index(after: position)...]) else { throw error }
    body = body[..<position]
    return number
  }
}
