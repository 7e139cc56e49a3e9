import Dispatch
import Synchronization

/// Work over rows on several threads. Results never depend on how many, since each row is computed alone.
public enum Rows {
  /// Calls `body` with bands of rows that together cover `0..<count`, at most `threads` at a time.
  ///
  /// Not to be called from an actor or an event loop: the calling thread works too, and returns when all is done.
  public static func concurrently(
    _ count: Int, threads: Int, minimumBand: Int = 8, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let workers = max(1, min(threads, count / max(1, minimumBand)))
    guard workers > 1 else {
      if count > 0 { body(0..<count) }
      return
    }
    // A few bands a worker evens out rows of unequal cost.
    let bands = min(workers * 4, max(workers, count / max(1, minimumBand)))
    let next = BandCounter()
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while let band = next.take(below: bands) {
        body(count * band / bands..<count * (band + 1) / bands)
      }
    }
  }
}

private final class BandCounter: Sendable {
  private let value = Atomic<Int>(0)

  func take(below limit: Int) -> Int? {
    let band = value.wrappingAdd(1, ordering: .relaxed).oldValue
    return band < limit ? band : nil
  }
}

/// The values of `body` for `0..<count`, computed on several threads.
public func inParallel<Value: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
  var values = [Value?](repeating: nil, count: count)
  values.withUnsafeMutableBufferPointer { values in
    nonisolated(unsafe) let values = values
    Rows.concurrently(count, threads: threads, minimumBand: 1) { band in
      for index in band { values[index] = body(index) }
    }
  }
  return values.map { $0! }
}

/// The values of two pieces of work that go on side by side, each of which may use several threads of its own: the one that
/// has less to do leaves its threads to the other.
///
/// Not to be called from an actor or an event loop: the calling thread does the first one.
public func sideBySide<First, Second: Sendable>(
  _ first: () -> First, _ second: @Sendable () -> Second
) -> (First, Second) {
  withoutActuallyEscaping(second) { second in
    let result = SharedResult<Second>()
    let group = DispatchGroup()
    // Not as bands of one `concurrentPerform`, which would leave calls inside it a single thread.
    DispatchQueue.global().async(group: group) { result.set(second()) }
    let own = first()
    group.wait()
    return (own, result.value)
  }
}

private final class SharedResult<Value: Sendable>: Sendable {
  private let stored = Mutex<Value?>(nil)

  func set(_ value: Value) { stored.withLock { $0 = value } }

  var value: Value { stored.withLock { $0! } }
}
