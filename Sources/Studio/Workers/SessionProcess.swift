import Foundation

/// The server's side of a session worker. Safe from any task.
final class SessionProcess: @unchecked Sendable {
  typealias Reply = (answer: SessionAnswer, payload: [UInt8])

  private let process = Process()
  private let toWorker = Pipe()
  private let fromWorker = Pipe()
  private let writing = DispatchQueue(label: "session-requests")
  private let lock = NSLock()
  private var waiting: [Int: CheckedContinuation<Reply, any Error>] = [:]
  private var nextID = 1
  private var end: WorkerFailure?

  /// - Throws: where the process cannot be started.
  init(executable: String) throws {
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["studio-worker", "session"]
    process.standardInput = toWorker
    process.standardOutput = fromWorker
    try process.run()
    Thread.detachNewThread { self.listen() }
  }

  var processID: Int32 { process.processIdentifier }

  /// - Throws: `WorkerFailure`, `.ended` where the process is gone.
  func ask(_ operation: SessionRequest.Operation) async throws -> Reply {
    let reply: Reply = try await withCheckedThrowingContinuation { continuation in
      let id = lock.withLock { () -> Int? in
        guard end == nil else { return nil }
        let id = nextID
        nextID += 1
        waiting[id] = continuation
        return id
      }
      guard let id else { return continuation.resume(throwing: lock.withLock { end! }) }
      writing.async {
        do {
          let input = self.toWorker.fileHandleForWriting.fileDescriptor
          try WorkerFraming.write(SessionRequest(id: id, operation: operation), to: input)
        } catch {
          self.take(id)?.resume(throwing: WorkerFailure(.ended, "the clip's process has ended"))
        }
      }
    }
    if let failure = reply.answer.failure { throw failure }
    return reply
  }

  /// Ends the process; whoever waits is told so.
  func stop() { process.terminate() }

  private func listen() {
    let output = fromWorker.fileHandleForReading.fileDescriptor
    while let (answer, payload) = try? WorkerFraming.read(SessionAnswer.self, from: output) {
      take(answer.id)?.resume(returning: (answer, payload))
    }
    process.terminate()
    process.waitUntilExit()
    let failure = WorkerFailure(.ended, "the clip's process ended: \(process.ending)")
    let left = lock.withLock {
      end = failure
      defer { waiting = [:] }
      return waiting.values.map { $0 }
    }
    for continuation in left { continuation.resume(throwing: failure) }
  }

  private func take(_ id: Int) -> CheckedContinuation<Reply, any Error>? {
    lock.withLock { waiting.removeValue(forKey: id) }
  }
}

extension Process {
  /// How an ended process ended, in words.
  var ending: String {
    switch terminationReason {
    case .uncaughtSignal: "signal \(terminationStatus) (\(String(cString: strsignal(terminationStatus))))"
    default: "exit code \(terminationStatus)"
    }
  }
}
