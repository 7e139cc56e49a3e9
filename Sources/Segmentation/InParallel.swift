import Imaging

/// The values of `body` for `0..<count`, computed on several threads.
func inParallel<Value: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
  var values = [Value?](repeating: nil, count: count)
  values.withUnsafeMutableBufferPointer { values in
    nonisolated(unsafe) let values = values
    Rows.concurrently(count, threads: threads, minimumBand: 1) { band in
      for index in band { values[index] = body(index) }
    }
  }
  return values.compactMap { $0 }
}
