import Foundation
import NIOCore

/// Server-sent events by project. A listener that is too slow loses the oldest.
final class EventHub: @unchecked Sendable {
  private let lock = NSLock()
  private var listeners: [String: [Int: AsyncStream<ByteBuffer>.Continuation]] = [:]
  private var nextID = 0
  private var isClosed = false

  func listen(to project: String) -> AsyncStream<ByteBuffer> {
    AsyncStream(bufferingPolicy: .bufferingNewest(512)) { continuation in
      lock.withLock {
        guard !isClosed else { return continuation.finish() }
        let id = nextID
        nextID += 1
        listeners[project, default: [:]][id] = continuation
        continuation.onTermination = { [weak self] _ in self?.forget(id, project) }
      }
    }
  }

  func send(_ event: String, _ value: some Encodable, to project: String) {
    deliver(ByteBuffer(string: Self.text(event, value)), to: project)
  }

  /// An event as it goes over the wire.
  static func text(_ event: String, _ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.withoutEscapingSlashes]
    let data = (try? encoder.encode(value)) ?? Data("null".utf8)
    return "event: \(event)\ndata: \(String(decoding: data, as: UTF8.self))\n\n"
  }

  /// Keeps connections from looking dead.
  func beat() {
    let projects = lock.withLock { Array(listeners.keys) }
    for project in projects { deliver(ByteBuffer(string: ": alive\n\n"), to: project) }
  }

  func close() {
    let all = lock.withLock {
      isClosed = true
      defer { listeners = [:] }
      return listeners.values.flatMap(\.values)
    }
    for continuation in all { continuation.finish() }
  }

  private func deliver(_ buffer: ByteBuffer, to project: String) {
    let targets = lock.withLock { listeners[project].map { Array($0.values) } ?? [] }
    for target in targets { target.yield(buffer) }
  }

  private func forget(_ id: Int, _ project: String) {
    lock.withLock {
      listeners[project]?[id] = nil
      if listeners[project]?.isEmpty == true { listeners[project] = nil }
    }
  }
}
