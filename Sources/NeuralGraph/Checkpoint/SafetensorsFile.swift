import Foundation

/// Hugging Face's safetensors: the header's length as 8 bytes, a JSON header, the tensors' bytes.
enum SafetensorsFile {
  private struct Record: Decodable {
    var dtype: String
    var shape: [Int]
    var data_offsets: [Int]

    var place: (Int, Int) { (data_offsets.first ?? 0, data_offsets.last ?? 0) }
  }

  /// The format's own bound on its header.
  private static let largestHeader = 100_000_000

  static func recognises(_ file: MappedFile) -> Bool {
    file.count >= 10 && (file.path.hasSuffix(".safetensors") || file.byte(8) == UInt8(ascii: "{"))
  }

  static func read(_ file: MappedFile) throws(CheckpointError) -> [Checkpoint.Entry] {
    guard let length = file.integer(UInt64.self, at: 0).flatMap({ Int(exactly: $0) }), length >= 2,
      length <= min(largestHeader, file.count - 8)
    else { throw CheckpointError(.badData, file: file.path, "its header is longer than the file") }
    let data = 8 + length..<file.count
    let records: [(String, Record)]
    do {
      let header = try JSONDecoder().decode([String: Header].self, from: Data(file.bytes(8..<8 + length)))
      records = header.compactMap { name, value in value.record.map { (name, $0) } }
    } catch {
      throw CheckpointError(.badData, file: file.path, "its header is not the JSON that safetensors holds")
    }
    let ordered = records.sorted { $0.1.place == $1.1.place ? $0.0 < $1.0 : $0.1.place < $1.1.place }
    var entries: [Checkpoint.Entry] = []
    var covered = 0
    for (name, record) in ordered {
      let tensor = try tensor(name, record, file, data, after: covered)
      covered = record.data_offsets[1]
      entries.append(Checkpoint.Entry(path: [name], tensor: tensor))
    }
    return entries
  }

  /// `__metadata__` is a dictionary of text; everything else a record.
  private struct Header: Decodable {
    var record: Record?

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.first?.stringValue == "__metadata__" {
        _ = try [String: String](from: decoder)
      } else {
        record = try Record(from: decoder)
      }
    }
  }

  private static func tensor(
    _ name: String, _ record: Record, _ file: MappedFile, _ data: Range<Int>, after covered: Int
  ) throws(CheckpointError) -> StoredTensor {
    func refused(_ why: String) -> CheckpointError {
      CheckpointError(.badTensor, file: file.path, "tensor \(name): \(why)")
    }
    guard let type = ElementType(safetensors: record.dtype) else {
      throw CheckpointError(.unsupported, file: file.path, "tensor \(name) is of type \(record.dtype)")
    }
    guard record.data_offsets.count == 2, case (let start, let end) = (record.data_offsets[0], record.data_offsets[1]),
      start >= 0, end >= start, end <= data.count
    else { throw refused("its bytes lie outside the file") }
    guard start >= covered else { throw refused("its bytes overlap another tensor's") }
    guard record.shape.allSatisfy({ $0 >= 0 }) else { throw refused("a size below 0") }
    var bytes = type.size
    for size in record.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw refused("a shape of \(record.shape) overflows") }
      bytes = product
    }
    guard bytes == end - start else { throw refused("a shape of \(record.shape) does not take \(end - start) bytes") }
    var strides = [Int](repeating: 1, count: record.shape.count)
    for axis in strides.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(1, record.shape[axis + 1])
    }
    return try StoredTensor(
      name: name, type: type, shape: record.shape, strides: strides, file: file,
      storage: data.lowerBound + start..<data.lowerBound + end, offset: 0)
  }
}
