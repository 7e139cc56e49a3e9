import Foundation
import NeuralGraph

/// Gives the pages of mapped weights back while a session is made from them: the runtime reads each once and packs it, so that
/// otherwise the file would lie in memory beside what was made of it. Pages that are wanted again are read again.
final class WeightPages: @unchecked Sendable {
  // The flag is read and written under its lock.
  private let weights: [WeightBuffer]
  private let lock = NSLock()
  private var isDone = false

  /// Below this the file is not worth a thread.
  private static let least = 256 << 20
  private static let pause: UInt32 = 50_000

  init(_ weights: [WeightBuffer]) {
    self.weights = weights.filter(\.isMapped)
    guard self.weights.reduce(0, { $0 + 4 * $1.count }) >= Self.least else { return }
    Thread.detachNewThread { [self] in
      while !lock.withLock({ isDone }) {
        usleep(Self.pause)
        release()
      }
    }
  }

  /// To be called once the session stands.
  func finish() {
    lock.withLock { isDone = true }
    release()
  }

  private func release() { for weight in weights { weight.releasePages() } }
}
