/// Walks what an unpickler left and lists its tensors with their paths.
struct TensorCollector {
  let file: MappedFile
  let arena: PickleArena
  /// The bytes of a storage by its key and declared length.
  let storage: (PickledStorage) throws(CheckpointError) -> Range<Int>

  /// Nested deeper than this is no checkpoint.
  static let depthLimit = 32
  /// More places than this are no checkpoint; bounds the walk of shared structures.
  static let visitLimit = 2_000_000

  func collect(from root: PickleArena.Reference) throws(CheckpointError) -> [Checkpoint.Entry] {
    var entries: [Checkpoint.Entry] = []
    var pending: [(reference: PickleArena.Reference, path: [String])] = [(root, [])]
    var visits = 0
    while let (reference, path) = pending.popLast() {
      visits += 1
      guard visits <= Self.visitLimit, path.count <= Self.depthLimit else {
        throw CheckpointError(.badData, file: file.path, "is nested or shared beyond all checkpoints")
      }
      switch arena[reference] {
      case .tensor(let tensor): entries.append(Checkpoint.Entry(path: path, tensor: try stored(tensor, path)))
      case .list(let items), .tuple(let items):
        for (index, item) in items.enumerated().reversed() { pending.append((item, path + [String(index)])) }
      case .dictionary(let pairs):
        for (key, value) in lastOfEachKey(pairs).reversed() { pending.append((value, path + [key])) }
      default: break
      }
    }
    guard !entries.isEmpty || isEmptyDictionary(root) else {
      throw CheckpointError(.notACheckpoint, file: file.path, "holds no tensors")
    }
    return entries
  }

  private func isEmptyDictionary(_ root: PickleArena.Reference) -> Bool {
    if case .dictionary(let pairs) = arena[root] { pairs.isEmpty } else { false }
  }

  private func lastOfEachKey(_ pairs: [(key: Int, value: Int)]) -> [(String, Int)] {
    var order: [String] = []
    var values: [String: Int] = [:]
    for pair in pairs {
      guard let key = arena.text(pair.key) ?? arena.integer(pair.key).map(String.init) else { continue }
      if values.updateValue(pair.value, forKey: key) == nil { order.append(key) }
    }
    return order.map { ($0, values[$0]!) }
  }

  private func stored(_ tensor: PickledTensor, _ path: [String]) throws(CheckpointError) -> StoredTensor {
    try StoredTensor(
      name: path.joined(separator: "/"), type: tensor.storage.type, shape: tensor.shape, strides: tensor.strides,
      file: file, storage: try storage(tensor.storage), offset: tensor.offset)
  }
}
