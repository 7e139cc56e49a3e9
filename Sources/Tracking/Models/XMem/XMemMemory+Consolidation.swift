import NeuralRuntime

extension XMemMemory {
  /// Makes room for new prototypes: long-term elements used no more than the k-th least used go.
  mutating func forgetLeastUsed() {
    let most = max(0, settings.mostLongTermElements - settings.prototypes)
    let surplus = long.count - most
    guard surplus > 0 else { return }
    let survivors: [Int]
    if settings.countsLongTermUsage {
      let usage = (0..<long.count).map(long.usage)
      let limit = usage.sorted()[surplus - 1]
      survivors = usage.indices.filter { usage[$0] > limit }
    } else {
      survivors = Array(surplus..<long.count)
    }
    let count = long.count
    long.keep(survivors)
    for index in groups.indices where !groups[index].long.isEmpty {
      let missing = count - groups[index].long[0].shape[0]
      let own = survivors.filter { $0 >= missing }.map { $0 - missing }
      groups[index].long = own.isEmpty ? [] : groups[index].long.map { $0.rows(own) }
    }
  }

  /// Condenses all frames but the first and the newest ones into prototypes: the most used elements' keys, with the values
  /// that a reading of all condensed elements gives there.
  mutating func consolidate() throws {
    let newest = max(0, settings.leastWorkingFrames - 1)
    let candidates = 1..<max(1, workingFrames - newest)
    guard !candidates.isEmpty else { return }
    let elements = candidates.lowerBound * positions..<candidates.upperBound * positions
    let prototypes = mostUsed(elements)
    let queries = XMemElements.queryRows(
      key: prototypes.flatMap { working.key($0) }, selection: prototypes.flatMap { working.selection($0) },
      keySize: working.keySize)

    for index in groups.indices {
      let (values, own) = try condensed(groups[index], newest, elements, prototypes, queries)
      if own { groups[index].long = joined(groups[index].long, values) }
      drop(from: &groups[index], newest)
    }
    let shrinkage = try matching.all(
      queries, rows(elements), values: NeuralTensor(Array(working.shrinkage[elements]), [elements.count, 1]))
    long.append(keys: prototypes.flatMap { working.key($0) }, shrinkage: shrinkage["readout"]!.floats)
    working.keep(Array(0..<elements.lowerBound) + Array(elements.upperBound..<working.count))
  }

  /// Elements by falling usage, the first of equals first.
  private func mostUsed(_ elements: Range<Int>) -> [Int] {
    let usage = elements.map(working.usage)
    let order = usage.indices.sorted { usage[$0] > usage[$1] || (usage[$0] == usage[$1] && $0 < $1) }
    return order.prefix(settings.prototypes).map { $0 + elements.lowerBound }
  }

  /// The prototypes' values for each object of a group. A group that came late takes part only with the frames it has, and
  /// only for prototypes among them; not at all while it is young.
  private func condensed(
    _ group: Group, _ newest: Int, _ elements: Range<Int>, _ prototypes: [Int], _ queries: NeuralTensor
  ) throws -> (values: [NeuralTensor], isCondensed: Bool) {
    let frames = group.working.count
    guard frames == workingFrames || frames > settings.leastWorkingFrames + 1, frames - newest > 1 else {
      return ([], false)
    }
    let blocks = group.working[1..<frames - newest]
    let own = elements.upperBound - blocks.count * positions..<elements.upperBound
    let valid = prototypes.indices.filter { own.contains(prototypes[$0]) }
    guard !valid.isEmpty else { return ([], false) }
    let values = try group.objects.indices.map { object in
      try matching.all(
        queries.rows(valid), rows(own), values: NeuralTensor.joined(blocks.map { $0[object] }))["readout"]!
    }
    return (values, true)
  }

  private func rows(_ elements: Range<Int>) -> NeuralTensor {
    let size = XMemElements.rowSize(working.keySize)
    return NeuralTensor(
      Array(working.rows[elements.lowerBound * size..<elements.upperBound * size]), [elements.count, size])
  }

  private func joined(_ old: [NeuralTensor], _ new: [NeuralTensor]) -> [NeuralTensor] {
    old.isEmpty ? new : zip(old, new).map { NeuralTensor.joined([$0, $1]) }
  }

  private func drop(from group: inout Group, _ newest: Int) {
    let frames = group.working.count
    guard frames == workingFrames || frames > settings.leastWorkingFrames else { return }
    group.working.removeSubrange(1..<max(1, frames - newest))
  }
}
