import NeuralRuntime

extension XMemMatching {
  /// A reading written out over all elements.
  public struct Dense: Sendable {
    /// [1, elements, queries] each.
    public let similarity: NeuralTensor
    public let affinity: NeuralTensor
    /// [1, elements].
    public let usage: NeuralTensor
    /// [objects, value, queries].
    public let readout: NeuralTensor
  }

  /// One reading of a memory that is given as maps, channels first.
  /// - Parameters:
  ///   - memory: key [1, key, elements] and shrinkage [1, 1, elements].
  ///   - query: key and selection [1, key, queries].
  ///   - values: [objects, value, elements].
  ///   - topK: elements that answer a query, all where nil.
  public func reading(
    memory: (key: NeuralTensor, shrinkage: NeuralTensor), query: (key: NeuralTensor, selection: NeuralTensor),
    values: NeuralTensor, topK: Int?
  ) throws -> Dense {
    let keySize = memory.key.shape[1]
    let elements = XMemElements(key: memory.key, shrinkage: memory.shrinkage, selection: memory.key)
    let rows = NeuralTensor(elements.rows, [elements.count, XMemElements.rowSize(keySize)])
    let queries = XMemElements.queryRows(
      key: query.key.elementRows, selection: query.selection.elementRows, keySize: keySize)
    let affinity = try best(topK ?? elements.count, queries, rows)
    let blocks = (0..<values.shape[0]).map {
      values.slice($0..<$0 + 1).reshaped(Array(values.shape[1...])).columnsFirst
    }
    let readouts =
      topK == nil
      ? try blocks.map { try all(queries, rows, values: $0)["readout"]!.columnsFirst }
      : blocks.map { Self.readout(affinity, [$0], threads: 1) }
    let similarity = try similarities(queries, rows).columnsFirst
    return Dense(
      similarity: similarity.reshaped([1] + similarity.shape), affinity: dense(affinity, similarity.shape),
      usage: NeuralTensor(affinity.usage(count: elements.count), [1, elements.count]),
      readout: NeuralTensor.joined(readouts.map { $0.reshaped([1, $0.count]) })
        .reshaped([readouts.count] + readouts[0].shape))
  }

  private func dense(_ affinity: Affinity, _ shape: [Int]) -> NeuralTensor {
    NeuralTensor([1] + shape) { out in
      for (slot, element) in affinity.elements.enumerated() {
        out[Int(element) * shape[1] + slot / affinity.perQuery] = affinity.amounts[slot]
      }
    }
  }
}
