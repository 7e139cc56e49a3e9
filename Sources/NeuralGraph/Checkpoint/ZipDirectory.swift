/// The records of a zip archive as PyTorch writes it: stored, never compressed, so that they can stay mapped.
///
/// PKWARE APPNOTE 6.3.9, with zip64 sizes and offsets.
struct ZipDirectory {
  /// Where each record's bytes lie in the file.
  let records: [String: Range<Int>]

  /// nil where the file has no end-of-directory record: not a zip archive.
  /// - Throws: `CheckpointError.badData` for a directory that contradicts the file.
  init?(_ file: MappedFile) throws(CheckpointError) {
    guard let end = Self.endRecord(file) else { return nil }
    let directory = try Self.directory(file, end)
    var records: [String: Range<Int>] = [:]
    var position = directory.start
    for _ in 0..<directory.count {
      let entry = try Entry(file, at: position)
      records[entry.name] = try entry.body(file)
      position = entry.next
    }
    self.records = records
  }

  private static func endRecord(_ file: MappedFile) -> Int? {
    let first = max(0, file.count - 22 - 65535)
    var position = file.count - 22
    while position >= first {
      if file.integer(UInt32.self, at: position) == 0x0605_4b50 { return position }
      position -= 1
    }
    return nil
  }

  private static func directory(_ file: MappedFile, _ end: Int) throws(CheckpointError) -> (start: Int, count: Int) {
    let damaged = CheckpointError(.badData, file: file.path, "the zip directory does not fit the file")
    guard var count = file.integer(UInt16.self, at: end + 10).map(Int.init),
      var size = file.integer(UInt32.self, at: end + 12).map(Int.init),
      var start = file.integer(UInt32.self, at: end + 16).map(Int.init)
    else { throw damaged }
    if count == 0xffff || size == 0xffff_ffff || start == 0xffff_ffff,
      file.integer(UInt32.self, at: end - 20) == 0x0706_4b50
    {
      guard let where64 = file.integer(UInt64.self, at: end - 12).flatMap({ Int(exactly: $0) }),
        file.integer(UInt32.self, at: where64) == 0x0606_4b50,
        let count64 = file.integer(UInt64.self, at: where64 + 32).flatMap({ Int(exactly: $0) }),
        let size64 = file.integer(UInt64.self, at: where64 + 40).flatMap({ Int(exactly: $0) }),
        let start64 = file.integer(UInt64.self, at: where64 + 48).flatMap({ Int(exactly: $0) })
      else { throw damaged }
      (count, size, start) = (count64, size64, start64)
    }
    // An entry takes 46 bytes at least: a count that cannot fit is a lie.
    guard start >= 0, size >= 0, size <= file.count, start <= file.count - size, count >= 0, count <= size / 46 else {
      throw damaged
    }
    return (start, count)
  }

  private struct Entry {
    var name: String
    var method: Int
    var flags: Int
    var size: Int
    var packed: Int
    var header: Int
    var next: Int

    init(_ file: MappedFile, at position: Int) throws(CheckpointError) {
      let damaged = CheckpointError(.badData, file: file.path, "the zip directory is damaged")
      func short(_ offset: Int) -> Int? { file.integer(UInt16.self, at: position + offset).map(Int.init) }
      func long(_ offset: Int) -> Int? { file.integer(UInt32.self, at: position + offset).map(Int.init) }
      guard long(0) == 0x0201_4b50, let flags = short(8), let method = short(10), let packed = long(20),
        let size = long(24),
        let nameLength = short(28), let extraLength = short(30), let commentLength = short(32), let header = long(42),
        position + 46 + nameLength + extraLength + commentLength <= file.count,
        let name = String(validating: file.bytes(position + 46..<position + 46 + nameLength), as: UTF8.self)
      else { throw damaged }
      (self.flags, self.method, self.packed, self.size, self.header) = (flags, method, packed, size, header)
      self.name = name
      next = position + 46 + nameLength + extraLength + commentLength
      try widen(file, position + 46 + nameLength..<position + 46 + nameLength + extraLength, damaged)
    }

    /// Takes the zip64 values of the extra field where the short ones are full.
    private mutating func widen(_ file: MappedFile, _ extra: Range<Int>, _ damaged: CheckpointError)
      throws(CheckpointError)
    {
      var position = extra.lowerBound
      while position + 4 <= extra.upperBound {
        let kind = file.integer(UInt16.self, at: position) ?? 0
        let length = Int(file.integer(UInt16.self, at: position + 2) ?? 0)
        var value = position + 4
        position = value + length
        guard kind == 1, position <= extra.upperBound else { continue }
        for field in [\Entry.size, \Entry.packed, \Entry.header] where self[keyPath: field] == 0xffff_ffff {
          guard value + 8 <= position, let wide = file.integer(UInt64.self, at: value).flatMap({ Int(exactly: $0) })
          else {
            throw damaged
          }
          self[keyPath: field] = wide
          value += 8
        }
      }
    }

    func body(_ file: MappedFile) throws(CheckpointError) -> Range<Int> {
      guard method == 0, packed == size, flags & 1 == 0 else {
        throw CheckpointError(
          .unsupported, file: file.path, "the record \(name) is compressed or encrypted; PyTorch stores records plainly"
        )
      }
      guard header >= 0, file.integer(UInt32.self, at: header) == 0x0403_4b50,
        let nameLength = file.integer(UInt16.self, at: header + 26).map(Int.init),
        let extraLength = file.integer(UInt16.self, at: header + 28).map(Int.init)
      else { throw CheckpointError(.badData, file: file.path, "the record \(name) has no header") }
      let start = header + 30 + nameLength + extraLength
      guard start <= file.count, size >= 0, size <= file.count - start else {
        throw CheckpointError(.badData, file: file.path, "the record \(name) reaches past the end of the file")
      }
      return start..<start + size
    }
  }
}
