/// The frames that were used last, by number.
struct FrameCache {
  /// How many frames are kept: at least 1.
  let capacity: Int
  private var entries: [Int: (frame: TimedFrame, use: Int)] = [:]
  /// Uses in order, some of them outdated.
  private var uses: [(index: Int, use: Int)] = []
  private var oldest = 0
  private var clock = 0

  init(capacity: Int) { self.capacity = max(1, capacity) }

  mutating func frame(_ index: Int) -> TimedFrame? {
    guard let entry = entries[index] else { return nil }
    insert(entry.frame)
    return entry.frame
  }

  mutating func insert(_ frame: TimedFrame) {
    clock += 1
    entries[frame.index] = (frame, clock)
    uses.append((frame.index, clock))
    while entries.count > capacity { evict() }
    if uses.count > 4 * capacity + 64 { compact() }
  }

  private mutating func evict() {
    let (index, use) = uses[oldest]
    oldest += 1
    if entries[index]?.use == use { entries[index] = nil }
  }

  private mutating func compact() {
    uses = uses[oldest...].filter { entries[$0.index]?.use == $0.use }
    oldest = 0
  }
}
