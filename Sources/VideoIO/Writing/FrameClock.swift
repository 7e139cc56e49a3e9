/// Gives an encoder's frame numbers back the times that the source has for them.
///
/// Decoding times run ahead of presentation by a few frames; before the first frame they step back by `nominal` each.
struct FrameClock {
  private let nominal: Int64
  private var first = 0
  private var entries: [(time: Int64, duration: Int64)] = []
  private var start: Int64 = 0

  /// - Parameter nominal: a frame's usual duration in units of the time base.
  init(nominal: Int64) { self.nominal = max(1, nominal) }

  /// The latest time, or nil before the first.
  var latest: Int64? { entries.last?.time }

  mutating func append(time: Int64, duration: Int64) {
    if first == 0, entries.isEmpty { start = time }
    entries.append((time, duration))
  }

  /// Presentation time, decoding time and duration of a packet whose timestamps count frames.
  ///
  /// Forgets the frames before `decoding`, which no later packet can name.
  mutating func times(presentation: Int64, decoding: Int64) -> (pts: Int64, dts: Int64, duration: Int64)? {
    let index = Int(presentation) - first
    guard entries.indices.contains(index) else { return nil }
    let shown = entries[index]
    let decoded: Int64
    if decoding < 0 {
      decoded = start + decoding * nominal
    } else {
      let index = Int(decoding) - first
      guard entries.indices.contains(index) else { return nil }
      decoded = entries[index].time
      forget(index)
    }
    return (shown.time, min(decoded, shown.time), shown.duration)
  }

  private mutating func forget(_ count: Int) {
    guard count > 64 else { return }
    entries.removeFirst(count)
    first += count
  }
}
