import Foundation
import ProjectStore

/// Computes what else prompts may mean, one at a time and the newest first: whoever asked last still looks at it. A thread
/// of its own at low priority, so that first answers do not wait. Safe from any thread.
final class CandidateQueue: @unchecked Sendable {
  /// Called once: with why it is not to be done, or with nil.
  typealias Work = @Sendable (WorkerFailure?) -> Void

  private struct Place: Hashable {
    var frame: Int
    var object: Int

    init(_ prompt: Prompt) {
      frame = prompt.frame
      object = prompt.object
    }
  }

  /// More would wait for longer than anybody looks.
  private static let longest = 12
  private static let markedAnew = WorkerFailure(.cancelled, "the object was marked anew meanwhile; ask again")
  private static let busy = WorkerFailure(.busy, "too many ask at once; ask again in some seconds")

  private let condition = NSCondition()
  private var waiting: [(prompt: Prompt, work: Work)] = []
  private var newest: [Place: Prompt] = [:]

  init() {
    Thread.detachNewThread { [self] in
      Self.lowerPriority()
      while true {
        let (work, refusal) = next()
        work(refusal)
      }
    }
  }

  /// What waits for an earlier prompt of that object on that frame is refused.
  func came(_ prompt: Prompt) {
    let place = Place(prompt)
    let stale = condition.withLock {
      newest[place] = prompt
      let stale = waiting.filter { Place($0.prompt) == place }
      waiting.removeAll { Place($0.prompt) == place }
      return stale
    }
    for (_, work) in stale { work(Self.markedAnew) }
  }

  func add(_ prompt: Prompt, _ work: @escaping Work) {
    let tooMany = condition.withLock {
      waiting.append((prompt, work))
      condition.signal()
      return waiting.count > Self.longest ? waiting.removeFirst() : nil
    }
    tooMany?.work(Self.busy)
  }

  private func next() -> (Work, WorkerFailure?) {
    condition.withLock {
      while waiting.isEmpty { condition.wait() }
      let (prompt, work) = waiting.removeLast()
      let isNewest = newest[Place(prompt)].map { $0 == prompt } ?? true
      return (work, isNewest ? nil : Self.markedAnew)
    }
  }

  private static func lowerPriority() {
    #if canImport(Glibc)
      // Of this thread alone.
      _ = nice(10)
    #else
      Thread.current.qualityOfService = .utility
    #endif
  }
}
