import Foundation

/// The server's side of a job worker.
final class JobProcess: @unchecked Sendable {
  /// What the worker says; ends when the process has ended.
  let messages: AsyncStream<WorkReportMessage>
  private let process = Process()
  /// Held open: the worker lives no longer than the server.
  private let toWorker = Pipe()

  init(executable: String, order: WorkOrder) throws {
    let fromWorker = Pipe()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = ["studio-worker", "job"]
    process.standardInput = toWorker
    process.standardOutput = fromWorker
    let (stream, continuation) = AsyncStream.makeStream(of: WorkReportMessage.self)
    messages = stream
    try process.run()
    let running = process
    Thread.detachNewThread {
      let output = fromWorker.fileHandleForReading.fileDescriptor
      while let (message, _) = try? WorkerFraming.read(WorkReportMessage.self, from: output) {
        continuation.yield(message)
      }
      running.waitUntilExit()
      continuation.finish()
    }
    let input = toWorker.fileHandleForWriting.fileDescriptor
    DispatchQueue.global().async { try? WorkerFraming.write(order, to: input) }
  }

  var processID: Int32 { process.processIdentifier }
  /// In words; to be asked once the messages have ended.
  var ending: String { process.ending }

  /// Asks the worker to save its place and end.
  func stop() { process.terminate() }
  func kill() { _ = Foundation.kill(process.processIdentifier, SIGKILL) }
}
