/// Which packet holds which frame: frames by display number, packets by their place in the stream ("ordinal").
struct FrameIndex {
  private(set) var packets: [PacketRecord]
  /// Ordinals in display order: one for each frame.
  private(set) var ordinals: [Int]
  /// The display number of each packet's frame; -1 where it shows none.
  private(set) var displays: [Int]
  /// In units of the stream's time base, strictly ascending.
  private(set) var times: [Int64]
  private(set) var durations: [Int64]
  /// Ordinals of packets at which decoding may begin, ascending.
  private var keyframes: [Int] = []
  /// For each ordinal the last display number among it and all packets before it.
  private var furthestDisplays: [Int] = []

  var frameCount: Int { ordinals.count }

  /// - Parameters:
  ///   - ordinals: packets in the order in which their frames are shown.
  ///   - times: one for each of them.
  ///   - lastDuration: how long the last frame stays, where its packet does not say.
  init(packets: [PacketRecord], ordinals: [Int], times: [Int64], lastDuration: Int64) {
    self.packets = packets
    self.ordinals = ordinals
    self.times = times
    displays = []
    durations = zip(times, times.dropFirst()).map { $1 &- $0 }
    if let last = ordinals.last {
      durations.append(packets[last].duration > 0 ? packets[last].duration : max(1, lastDuration))
    }
    link()
  }

  private mutating func link() {
    displays = Array(repeating: -1, count: packets.count)
    for (display, ordinal) in ordinals.enumerated() { displays[ordinal] = display }
    keyframes = packets.indices.filter { $0 == 0 || (packets[$0].traits.contains(.key) && displays[$0] >= 0) }
    var furthest = -1
    furthestDisplays = displays.map {
      furthest = max(furthest, $0)
      return furthest
    }
  }

  /// The keyframe from which decoding must begin to reach frame `display`.
  ///
  /// A frame shown before the keyframe that precedes it in the file refers to the pictures before that keyframe
  /// (open GOP); it needs the keyframe before. Groups of pictures known to be damaged, by their keyframes, are no
  /// beginning either: the one before is, so that decoders patch them up from the same past each time.
  func start(for display: Int, damaged: Set<Int> = []) -> Int {
    var place = groups(for: display).lowerBound
    while place > 0, damaged.contains(keyframes[place]) { place -= 1 }
    return keyframes[place]
  }

  /// Whether a frame may show the damage of one of these groups of pictures.
  func isTouched(_ display: Int, by damaged: Set<Int>) -> Bool {
    !damaged.isEmpty && groups(for: display).contains { damaged.contains(keyframes[$0]) }
  }

  /// The groups of pictures, as places in `keyframes`, that a frame is decoded from.
  private func groups(for display: Int) -> ClosedRange<Int> {
    let ordinal = ordinals[display]
    let last = max(0, keyframes.partitioningIndex { $0 > ordinal } - 1)
    var first = last
    while first > 0, displays[keyframes[first]] > display { first -= 1 }
    return first...last
  }

  /// The last keyframe at or before a packet.
  func keyframe(before ordinal: Int) -> Int { keyframes[max(0, keyframes.partitioningIndex { $0 > ordinal } - 1)] }

  /// The first frame that decoding from keyframe `ordinal` gives whole.
  func firstDisplay(from ordinal: Int) -> Int { ordinal == 0 ? 0 : displays[ordinal] }

  /// The frame that must have come out before `display` is known to be free of damage: a frame can refer to all
  /// packets before its own, and some of those are shown later.
  func witness(of display: Int) -> Int { furthestDisplays[ordinals[display]] }

  /// The largest number of frames that a decoder must hold back to put them in display order.
  var reorderDepth: Int {
    var (depth, shown) = (0, 0)
    var pending = Set<Int>()
    for display in displays where display >= 0 {
      pending.insert(display)
      while pending.remove(shown) != nil { shown += 1 }
      depth = max(depth, pending.count)
    }
    return depth
  }

  /// Drops the first `count` frames: those that cannot be decoded since what they refer to is not in the file.
  mutating func dropFirst(_ count: Int) {
    ordinals.removeFirst(count)
    times.removeFirst(count)
    durations.removeFirst(count)
    link()
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies a predicate that is false up to some place and true from there on.
  func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
