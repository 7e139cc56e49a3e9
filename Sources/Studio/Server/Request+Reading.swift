import Foundation
import Hummingbird
import NIOCore

extension Request {
  /// The JSON body, within the limits of size and time.
  func json<Value: Decodable & Sendable>(_ type: Value.Type) async throws -> Value {
    if let length = headers[.contentLength].flatMap({ Int($0) }), length > Limits.jsonBytes { throw Self.tooLarge }
    let body = self.body
    let buffer = try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
      group.addTask {
        do {
          return try await body.collect(upTo: Limits.jsonBytes)
        } catch is NIOTooManyBytesError {
          throw Self.tooLarge
        }
      }
      group.addTask {
        try await Task.sleep(for: .seconds(Limits.jsonSeconds))
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let buffer else {
      throw StudioError(
        .requestTimeout, "slow_body", "the body did not arrive within \(Limits.jsonSeconds) seconds; send it again")
    }
    let bytes = buffer.readableBytes == 0 ? Data("{}".utf8) : Data(buffer.readableBytesView)
    return try JSONDecoder().decode(type, from: bytes)
  }

  private static let tooLarge = StudioError(
    .contentTooLarge, "too_large", "the body is larger than the limit of \(Limits.jsonBytes) bytes")

  /// A whole number of the query, within bounds.
  func query(_ name: String, in bounds: ClosedRange<Int>) throws(StudioError) -> Int? {
    guard let text = uri.queryParameters[name[...]] else { return nil }
    guard let value = Int(text), bounds.contains(value) else {
      throw .badRequest("\(name) is a number from \(bounds.lowerBound) to \(bounds.upperBound)")
    }
    return value
  }

  func query(_ name: String) -> String? { uri.queryParameters[name[...]].map(String.init) }
}

extension BasicRequestContext {
  /// An id of the path.
  /// - Throws: `StudioError` 404 for what no id can be.
  func id(_ name: String = "id", of what: String = "project") throws(StudioError) -> String {
    guard let text = parameters.get(name), Identifier.isValid(text) else { throw .notFound(what) }
    return text
  }

  func number(_ name: String) throws(StudioError) -> Int {
    guard let text = parameters.get(name), text.utf8.count <= 9, text.utf8.allSatisfy({ 48...57 ~= $0 }),
      let number = Int(text)
    else { throw .notFound("frame") }
    return number
  }
}
