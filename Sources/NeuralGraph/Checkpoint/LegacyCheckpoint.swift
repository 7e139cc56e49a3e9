/// What `torch.save` wrote before PyTorch 1.6: five pickles (magic number, protocol, system, object, storage keys), then
/// for each storage its length and elements.
enum LegacyCheckpoint {
  /// The first pickle is the magic number 0x1950a86a20f9469cfc6c.
  private static let magic: [UInt8] = [
    0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]

  static func recognises(_ file: MappedFile) -> Bool {
    file.count > magic.count && file.bytes(0..<magic.count) == magic
  }

  static func read(_ file: MappedFile) throws(CheckpointError) -> [Checkpoint.Entry] {
    var position = magic.count
    try skipPickle(file, &position)
    try skipPickle(file, &position)
    var object = Unpickler(file, position..<file.count)
    let root = try object.run()
    var keys = Unpickler(file, object.position..<file.count)
    let list = try keys.run()
    guard case .list(let order) = keys.arena[list] else {
      throw CheckpointError(.badData, file: file.path, "has no list of storages")
    }
    let storages = try locate(order.compactMap { keys.arena.text($0) }, declared(object.arena), file, keys.position)
    let collector = TensorCollector(file: file, arena: object.arena) { (storage) throws(CheckpointError) in
      guard let range = storages[storage.key] else {
        throw CheckpointError(.badData, file: file.path, "storage \(storage.key) is missing")
      }
      return range
    }
    return try collector.collect(from: root)
  }

  private static func skipPickle(_ file: MappedFile, _ position: inout Int) throws(CheckpointError) {
    var unpickler = Unpickler(file, position..<file.count)
    _ = try unpickler.run()
    position = unpickler.position
  }

  private static func declared(_ arena: PickleArena) -> [String: PickledStorage] {
    var storages: [String: PickledStorage] = [:]
    for case .storage(let storage) in arena.nodes { storages[storage.key] = storage }
    return storages
  }

  private static func locate(
    _ order: [String], _ declared: [String: PickledStorage], _ file: MappedFile, _ start: Int
  ) throws(CheckpointError) -> [String: Range<Int>] {
    var ranges: [String: Range<Int>] = [:]
    var position = start
    for key in order {
      guard let storage = declared[key],
        let count = file.integer(Int64.self, at: position).flatMap({ Int(exactly: $0) })
      else {
        throw CheckpointError(.badData, file: file.path, "is cut short before storage \(key)")
      }
      let (bytes, overflow) = count.multipliedReportingOverflow(by: storage.type.size)
      guard count == storage.count, !overflow, bytes >= 0, bytes <= file.count - position - 8 else {
        throw CheckpointError(
          .badData, file: file.path, "storage \(key) is cut short or of another length than declared")
      }
      ranges[key] = position + 8..<position + 8 + bytes
      position += 8 + bytes
    }
    return ranges
  }
}
