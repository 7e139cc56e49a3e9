import Synchronization

/// A flag that long work looks at between frames. Safe from any thread and from signal handlers' threads.
public final class Cancellation: Sendable {
  private let flag = Atomic<Bool>(false)

  public init() {}

  public func cancel() { flag.store(true, ordering: .relaxed) }
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }

  /// - Throws: `CancellationError` once `cancel()` was called.
  public func check() throws {
    if isCancelled { throw CancellationError() }
  }
}
