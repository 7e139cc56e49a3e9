/// What `torch.save` has written since PyTorch 1.6: a zip of `data.pkl` and one record a storage.
enum ZipCheckpoint {
  /// nil where the file is no zip archive.
  static func read(_ file: MappedFile) throws(CheckpointError) -> [Checkpoint.Entry]? {
    guard file.integer(UInt32.self, at: 0) == 0x0403_4b50 else { return nil }
    guard let directory = try ZipDirectory(file) else {
      throw CheckpointError(.badData, file: file.path, "is a zip archive without its end: the download was cut short")
    }
    guard let pickleName = directory.records.keys.filter({ $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }).min(),
      let pickle = directory.records[pickleName]
    else { throw CheckpointError(.notACheckpoint, file: file.path, "is a zip archive without data.pkl") }
    let folder = String(pickleName.dropLast("data.pkl".count))
    if let order = directory.records[folder + "byteorder"], file.bytes(order) == Array("big".utf8) {
      throw CheckpointError(.unsupported, file: file.path, "was written on a big-endian machine")
    }
    var unpickler = Unpickler(file, pickle)
    let root = try unpickler.run()
    let collector = TensorCollector(file: file, arena: unpickler.arena) { (storage) throws(CheckpointError) in
      guard let record = directory.records[folder + "data/" + storage.key] else {
        throw CheckpointError(.badData, file: file.path, "storage \(storage.key) is missing")
      }
      let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: storage.type.size)
      guard !overflow, bytes == record.count else {
        throw CheckpointError(
          .badData, file: file.path,
          "storage \(storage.key) has \(record.count) bytes where \(storage.count) elements are declared")
      }
      return record
    }
    return try collector.collect(from: root)
  }
}
