import NeuralRuntime

extension XMemState {
  /// What the working and the long-term memory hold, to look at.
  public struct Contents: Sendable {
    public let workingCount: Int
    /// [1, 1, elements], use by readings.
    public let workingUsage: NeuralTensor
    public let longCount: Int
    /// [1, key, elements].
    public let longKey: NeuralTensor
    /// [1, 1, elements].
    public let longShrinkage: NeuralTensor
    /// [objects, value, elements]; of the first group of objects.
    public let longValue: NeuralTensor
    /// [1, 1, elements].
    public let longUsage: NeuralTensor
  }

  public var contents: Contents {
    let (working, long) = (memory.working, memory.long)
    let keys = NeuralTensor(long.keys, [long.count, long.keySize]).columnsFirst
    let values = (memory.groups.first?.long ?? []).map(\.columnsFirst)
    return Contents(
      workingCount: working.count,
      workingUsage: NeuralTensor((0..<working.count).map(working.usage), [1, 1, working.count]),
      longCount: long.count, longKey: keys.reshaped([1] + keys.shape),
      longShrinkage: NeuralTensor(long.shrinkage, [1, 1, long.count]),
      longValue: NeuralTensor(values.flatMap(\.floats), [values.count] + (values.first?.shape ?? [0, 0])),
      longUsage: NeuralTensor((0..<long.count).map(long.usage), [1, 1, long.count]))
  }
}
