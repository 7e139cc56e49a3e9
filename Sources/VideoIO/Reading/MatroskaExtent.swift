/// How long a Matroska or WebM file says that it is: the size of its segment (RFC 9559) after the EBML header (RFC 8794).
///
/// The demuxer itself is silent where a file breaks off between two frames.
enum MatroskaExtent {
  /// True where the segment goes on behind the end of the file.
  static func isCut(_ file: InputFile) -> Bool {
    var bytes = [UInt8](repeating: 0, count: min(1 << 12, file.size))
    let count = bytes.withUnsafeMutableBytes { file.read(at: 0, into: $0.baseAddress!, count: $0.count) }
    return (end(bytes.prefix(max(0, count))) ?? 0) > file.size
  }

  /// The offset behind the segment; nil where the file is no Matroska, or was written as a stream of unknown length.
  private static func end(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let header = element([0x1a, 0x45, 0xdf, 0xa3], at: 0, bytes),
      let segment = element([0x18, 0x53, 0x80, 0x67], at: header, bytes)
    else { return nil }
    return segment
  }

  /// The offset behind the element of that identifier which begins at `offset`.
  private static func element(_ identifier: [UInt8], at offset: Int, _ bytes: ArraySlice<UInt8>) -> Int? {
    guard offset < bytes.count, bytes[offset...].starts(with: identifier), bytes.count > offset + 4 else { return nil }
    let first = bytes[offset + 4]
    let length = first.leadingZeroBitCount + 1
    guard length <= 8, bytes.count >= offset + 4 + length else { return nil }
    let mask = length == 8 ? 0 : UInt8(0xff) >> UInt8(length)
    let size = bytes[(offset + 5)..<(offset + 4 + length)].reduce(Int(first & mask)) { $0 << 8 | Int($1) }
    // All ones stand for a length that was not known.
    guard size != 1 << (7 * length) - 1 else { return nil }
    return offset + 4 + length + size
  }
}
