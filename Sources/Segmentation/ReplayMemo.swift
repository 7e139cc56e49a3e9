import Foundation
import Synchronization

/// What the clicks of earlier prompts led to, so that the next click on the same object is answered at once. Holds only
/// what would be computed again, so answers do not depend on it.
final class ReplayMemo: Sendable {
  struct Step: Hashable {
    var seed: Seeds.Seed
    var isInside: Bool
  }

  private struct States {
    var replays: [[Step]: ClickReplay] = [:]
    var order: [[Step]] = []
  }

  private static let limit = 64

  private let states = Mutex(States())

  /// - Parameter path: all clicks that lead to the state, in the order in which they were given.
  func state(after path: [Step]) -> ClickReplay? { states.withLock { $0.replays[path] } }

  func keep(_ replay: ClickReplay, after path: [Step]) {
    states.withLock { states in
      guard states.replays.updateValue(replay, forKey: path) == nil else { return }
      states.order.append(path)
      if states.order.count > ReplayMemo.limit { states.replays[states.order.removeFirst()] = nil }
    }
  }
}
