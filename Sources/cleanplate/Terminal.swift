import Foundation
import ObjectRemoval

/// stderr: messages and progress. stdout carries results only.
enum Terminal {
  static func say(_ sentence: String) { show(sentence + "\n") }

  /// Who listened may have left, as `head` does: the work goes on without a listener.
  static func show(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }

  static func warn(_ sentences: [String]) {
    for sentence in sentences { say("warning: \(sentence)") }
  }

  static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }
}

/// Ends a job on Ctrl-C or a request to terminate; a second Ctrl-C ends the program at once. Both leave a resumable state.
final class Interrupt {
  private let sources: [any DispatchSourceSignal]

  init(_ cancel: @escaping @Sendable () -> Void) {
    let once = SeenOnce()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if once.wasSeen() { _exit(130) }
        cancel()
      }
      source.resume()
      return source
    }
  }

  deinit {
    for source in sources { source.cancel() }
    signal(SIGINT, SIG_DFL)
    signal(SIGTERM, SIG_DFL)
  }
}

private final class SeenOnce: @unchecked Sendable {
  private let lock = NSLock()
  private var seen = false

  /// Whether this was called before.
  func wasSeen() -> Bool {
    lock.withLock {
      defer { seen = true }
      return seen
    }
  }
}
