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
