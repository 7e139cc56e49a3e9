import NeuralRuntime

/// XMem's working and long-term memory. A value: tensors are shared by copies.
///
/// Objects that came together form a group. All groups share the keys; a group that came later has values for the newest keys
/// only.
struct XMemMemory: Sendable {
  struct Group: Sendable {
    let objects: [Int]
    /// For each remembered frame and object [positions, value].
    var working: [[NeuralTensor]] = []
    /// For each object [elements, value]; none before the first consolidation that holds this group.
    var long: [NeuralTensor] = []
  }

  let settings: XMemSettings
  let matching: XMemMatching
  let threads: Int
  /// Elements a frame.
  private(set) var positions = 0
  var working: XMemElements
  var long: XMemElements
  var groups: [Group] = []

  init(_ network: XMemNetwork, settings: XMemSettings, threads: Int) {
    self.settings = settings
    self.threads = threads
    matching = XMemMatching(network)
    working = XMemElements(keySize: network.sizes.key)
    long = XMemElements(keySize: network.sizes.key)
  }

  var isEmpty: Bool { working.count == 0 }
  var workingFrames: Int { positions == 0 ? 0 : working.count / positions }

  // MARK: Reading

  /// What the memory says about each object at each position: [1, value, rows, columns], in the objects' order.
  mutating func read(_ features: XMemNetwork.Features) throws -> [NeuralTensor] {
    let queries = XMemElements.queryRows(
      key: features.key.elementRows, selection: features.selection.elementRows, keySize: working.keySize)
    var readouts: [NeuralTensor] = []
    for (index, group) in groups.enumerated() {
      let found = try read(group, queries)
      // The first group has all keys.
      if index == 0 { countUse(found.usage) }
      readouts += found.readouts
    }
    return readouts.map { $0.reshaped([1, $0.shape[0], features.rows, features.columns]) }
  }

  private mutating func countUse(_ usage: [Float]) {
    working.countUse(usage[long.count...])
    if settings.countsLongTermUsage { long.countUse(usage[..<long.count]) }
  }

  private func read(
    _ group: Group, _ queries: NeuralTensor
  ) throws -> (readouts: [NeuralTensor], usage: [Float]) {
    let rows = rows(of: group)
    if let limit = settings.topK {
      let affinity = try matching.best(limit, queries, rows)
      let readouts = group.objects.indices.map {
        XMemMatching.readout(affinity, blocks(of: group, object: $0), threads: threads)
      }
      return (readouts, affinity.usage(count: rows.shape[0]))
    }
    var usage: [Float] = []
    let readouts = try group.objects.indices.map { object in
      let outputs = try matching.all(
        queries, rows, values: NeuralTensor.joined(blocks(of: group, object: object)))
      usage = outputs["usage"]!.floats
      return outputs["readout"]!.columnsFirst
    }
    return (readouts, usage)
  }

  private func blocks(of group: Group, object: Int) -> [NeuralTensor] {
    (group.long.isEmpty ? [] : [group.long[object]]) + group.working.map { $0[object] }
  }

  /// The newest rows, as many as `group` has values.
  private func rows(of group: Group) -> NeuralTensor {
    let size = XMemElements.rowSize(working.keySize)
    let longCount = group.long.first?.shape[0] ?? 0
    let parts = [long.rows.suffix(longCount * size), working.rows.suffix(group.working.count * positions * size)]
    return NeuralTensor([parts.reduce(0) { $0 + $1.count } / size, size]) { out in
      var start = 0
      for part in parts {
        _ = out[start...].update(fromContentsOf: part)
        start += part.count
      }
    }
  }

  // MARK: Writing

  /// Remembers a frame.
  /// - Parameter values: for each object [positions, value]; more objects than before form a new group.
  mutating func add(_ features: XMemNetwork.Features, values: [NeuralTensor]) throws {
    positions = features.rows * features.columns
    let elements = XMemElements(key: features.key, shrinkage: features.shrinkage, selection: features.selection)
    working.append(keys: elements.keys, shrinkage: elements.shrinkage, selection: elements.selection)
    for index in groups.indices { groups[index].working.append(groups[index].objects.map { values[$0] }) }
    let known = groups.reduce(0) { $0 + $1.objects.count }
    if known < values.count {
      groups.append(Group(objects: Array(known..<values.count), working: [Array(values[known...])]))
    }
    guard settings.longTermIsEnabled, workingFrames >= settings.mostWorkingFrames else { return }
    forgetLeastUsed()
    try consolidate()
  }
}

extension NeuralTensor {
  /// [rows, columns] as [columns, rows].
  var columnsFirst: NeuralTensor {
    let (rows, columns) = (shape[0], shape[1])
    return withFloats { floats in
      NeuralTensor([columns, rows]) { out in
        for row in 0..<rows { for column in 0..<columns { out[column * rows + row] = floats[row * columns + column] } }
      }
    }
  }

  /// The rows named of [rows, width].
  func rows(_ indices: some Sequence<Int>) -> NeuralTensor {
    let (width, indices) = (shape[1], Array(indices))
    return withFloats { floats in
      NeuralTensor([indices.count, width]) { out in
        for (row, index) in indices.enumerated() {
          _ = out[(row * width)...].update(fromContentsOf: floats[index * width..<(index + 1) * width])
        }
      }
    }
  }
}
