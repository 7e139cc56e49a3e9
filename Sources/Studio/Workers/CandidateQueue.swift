import Foundation
import ProjectStore

/// Computes what else prompts may mean, one at a time and the newest first: whoever asked last still looks at it. A thread
/// of its own at low priority, so that first answers do not wait. Safe from any thread.
final class CandidateQueue: @unchecked Sendable {
  private struct Place: Hashable {
    var frame: Int
    var object: Int

    init(_ prompt: Prompt) {
      frame = prompt.frame
      object = prompt.object
    }
  }

  private let condition = NSCondition()
  private var waiting: [(place: Place, work: @Sendable () -> Void)] = []
  private var newest: [Place: Prompt] = [:]

  init() {
    Thread.detachNewThread { [self] in
      Self.lowerPriority()
      while true { next()() }
    }
  }

  /// Work that waits for an earlier prompt of that object on that frame is done at once, which refuses it.
  func came(_ prompt: Prompt) {
    let place = Place(prompt)
    let stale = condition.withLock {
      newest[place] = prompt
      let stale = waiting.filter { $0.place == place }
      waiting.removeAll { $0.place == place }
      return stale
    }
    for (_, work) in stale { work() }
  }

  /// Whether no other prompt of that object on that frame came later.
  func isNewest(_ prompt: Prompt) -> Bool { condition.withLock { newest[Place(prompt)] == prompt } }

  /// - Parameter work: sees to it by `isNewest` that it is still wanted.
  func add(_ prompt: Prompt, _ work: @escaping @Sendable () -> Void) {
    condition.withLock {
      if newest[Place(prompt)] == nil { newest[Place(prompt)] = prompt }
      waiting.append((Place(prompt), work))
      condition.signal()
    }
  }

  private func next() -> @Sendable () -> Void {
    condition.withLock {
      while waiting.isEmpty { condition.wait() }
      return waiting.removeLast().work
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
