import Foundation
import HTTPTypes
import Hummingbird

/// A file as an answer, whole or by one range (RFC 9110, section 14).
struct FileReply {
  let path: String
  let type: String
  /// The name under which it is downloaded; nil: shown in the page.
  var attachment: String?

  func response(to request: Request, _ context: StudioContext) async throws -> Response {
    guard let size = DataFolder.bytes(of: path) else { throw StudioError.notFound("file") }
    let tag = "\"\(Studio.version(of: path))\""
    var headers: HTTPFields = [
      .contentType: type, .acceptRanges: "bytes", .eTag: tag, .cacheControl: "private, no-cache",
    ]
    if let attachment { headers[.contentDisposition] = CleanName.attachment(attachment) }
    if request.headers[.ifNoneMatch] == tag { return .empty(.notModified, headers) }
    let holds = request.headers[.ifRange].map { $0 == tag } ?? true
    guard holds, let text = request.headers[.range], size > 0 else {
      let body = try await FileIO().loadFile(path: path, context: context)
      return Response(status: .ok, headers: headers, body: body)
    }
    guard let range = Self.range(text, of: size) else {
      headers[.contentRange] = "bytes */\(size)"
      return .empty(.rangeNotSatisfiable, headers)
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
    let body = try await FileIO().loadFile(path: path, range: range, context: context)
    return Response(status: .partialContent, headers: headers, body: body)
  }

  /// `bytes=A-B`, `bytes=A-` or `bytes=-N`; of several ranges none is served.
  static func range(_ text: String, of size: Int) -> ClosedRange<Int>? {
    guard text.hasPrefix("bytes=") else { return nil }
    let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    if ends[0].isEmpty {
      guard let count = Int(ends[1]), count > 0 else { return nil }
      return max(0, size - count)...size - 1
    }
    guard let first = Int(ends[0]), 0..<size ~= first else { return nil }
    guard !ends[1].isEmpty else { return first...size - 1 }
    guard let last = Int(ends[1]), last >= first else { return nil }
    return first...min(last, size - 1)
  }
}
