import Imaging

extension Candidates {
  /// What one slot holds of each site.
  struct Slot {
    let frame: UnsafeMutableBufferPointer<Int32>
    let x: UnsafeMutableBufferPointer<Float>
    let y: UnsafeMutableBufferPointer<Float>
    let doubt: UnsafeMutableBufferPointer<Float>
    let isPassing: UnsafeMutableBufferPointer<Bool>
    let color: UnsafeMutableBufferPointer<SIMD4<Float>>
  }

  /// Calls `body` with each slot, several at a time; its buffers are good for that call only.
  mutating func eachSlot(threads: Int, _ body: @Sendable (_ index: Int, _ slot: Slot) -> Void) {
    let (slots, count) = (slots, sites.count)
    frame.withUnsafeMutableBufferPointer { frame in
      x.withUnsafeMutableBufferPointer { x in
        y.withUnsafeMutableBufferPointer { y in
          doubt.withUnsafeMutableBufferPointer { doubt in
            isPassing.withUnsafeMutableBufferPointer { isPassing in
              color.withUnsafeMutableBufferPointer { color in
                nonisolated(unsafe) let all = Slot(
                  frame: frame, x: x, y: y, doubt: doubt, isPassing: isPassing, color: color)
                Rows.concurrently(slots, threads: threads, minimumBand: 1) { band in
                  for slot in band { body(slot, all[slot * count..<(slot + 1) * count]) }
                }
              }
            }
          }
        }
      }
    }
  }
}

extension Candidates.Slot {
  fileprivate subscript(range: Range<Int>) -> Candidates.Slot {
    Candidates.Slot(
      frame: .init(rebasing: frame[range]), x: .init(rebasing: x[range]), y: .init(rebasing: y[range]),
      doubt: .init(rebasing: doubt[range]), isPassing: .init(rebasing: isPassing[range]),
      color: .init(rebasing: color[range]))
  }
}
