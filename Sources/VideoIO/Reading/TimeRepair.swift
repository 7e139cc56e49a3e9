/// Frames' times, some of which are missing, doubled or out of order.
enum TimeRepair {
  /// The most times that rise together stay as they are; the others are spread evenly between these.
  /// - Parameter times: in display order, nil where nothing is known.
  /// - Returns: strictly ascending times; nil where fewer than two, or than half of the known ones, can stay.
  static func repaired(_ times: [Int64?]) -> [Int64]? {
    let kept = rising(times)
    guard kept.count >= 2, 2 * kept.count >= times.count(where: { $0 != nil }) else { return nil }
    var out = [Int64](repeating: 0, count: times.count)
    for (a, b) in zip(kept, kept.dropFirst()) {
      let (from, to) = (times[a]!, times[b]!)
      for i in a..<b { out[i] = from + Int64(Double(to - from) * Double(i - a) / Double(b - a)) }
    }
    let (first, last) = (kept[0], kept[kept.count - 1])
    let step = max(1, (times[last]! - times[first]!) / Int64(last - first))
    guard step < 1 << 60 / Int64(times.count) else { return nil }
    for i in 0..<first { out[i] = times[first]! - step * Int64(first - i) }
    for i in last..<times.count { out[i] = times[last]! + step * Int64(i - last) }
    return out
  }

  /// The most places whose times rise by a tick a frame at least: the longest run of times less places that never falls.
  private static func rising(_ times: [Int64?]) -> [Int] {
    /// For each length of a run the place that ends it lowest, and for each place the one before it.
    var ends: [Int] = []
    var before = [Int](repeating: -1, count: times.count)
    let key = { (place: Int) in times[place]! - Int64(place) }
    for place in times.indices where times[place] != nil {
      let length = ends.partitioningIndex { key($0) > key(place) }
      before[place] = length > 0 ? ends[length - 1] : -1
      if length == ends.count { ends.append(place) } else { ends[length] = place }
    }
    var run: [Int] = []
    var place = ends.last ?? -1
    while place >= 0 {
      run.append(place)
      place = before[place]
    }
    return run.reversed()
  }
}
