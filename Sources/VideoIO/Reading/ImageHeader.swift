import Foundation

/// The size of an image by its header alone: sizes of a whole folder are compared before anything is decoded.
struct ImageHeader: Equatable {
  let width: Int
  let height: Int

  /// nil where the header is of no kind known here; decoding will tell.
  init?(path: String) {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    guard let data = try? file.read(upToCount: Self.span) else { return nil }
    self.init([UInt8](data))
  }

  init?(_ file: InputFile) {
    var bytes = [UInt8](repeating: 0, count: min(Self.span, file.size))
    let count = bytes.withUnsafeMutableBytes { file.read(at: 0, into: $0.baseAddress!, count: $0.count) }
    self.init(Array(bytes.prefix(max(0, count))))
  }

  private static let span = 1 << 16

  init?(_ bytes: [UInt8]) {
    let reader = ByteReader(bytes)
    guard let size = Self.png(reader) ?? Self.bmp(reader) ?? Self.webp(reader) ?? Self.tiff(reader) ?? Self.jpeg(reader)
    else { return nil }
    (width, height) = size
  }

  private typealias Size = (Int, Int)

  private static func png(_ bytes: ByteReader) -> Size? {
    guard bytes.matches("\u{89}PNG", at: 0), let width = bytes.big(16, 4), let height = bytes.big(20, 4) else {
      return nil
    }
    return (width, height)
  }

  private static func bmp(_ bytes: ByteReader) -> Size? {
    guard bytes.matches("BM", at: 0), bytes.little(14, 4) ?? 0 >= 40, let width = bytes.little(18, 4),
      let height = bytes.little(22, 4)
    else { return nil }
    // A negative height means that the rows run from top to bottom.
    return (width, abs(Int(Int32(truncatingIfNeeded: height))))
  }

  private static func webp(_ bytes: ByteReader) -> Size? {
    guard bytes.matches("RIFF", at: 0), bytes.matches("WEBP", at: 8) else { return nil }
    if bytes.matches("VP8X", at: 12), let width = bytes.little(24, 3), let height = bytes.little(27, 3) {
      return (width + 1, height + 1)
    }
    if bytes.matches("VP8L", at: 12), let packed = bytes.little(21, 4) {
      return (packed & 0x3fff + 1, packed >> 14 & 0x3fff + 1)
    }
    if bytes.matches("VP8 ", at: 12), let width = bytes.little(26, 2), let height = bytes.little(28, 2) {
      return (width & 0x3fff, height & 0x3fff)
    }
    return nil
  }

  private static func tiff(_ bytes: ByteReader) -> Size? {
    let isLittle = bytes.matches("II*\0", at: 0)
    guard isLittle || bytes.matches("MM\0*", at: 0) else { return nil }
    func value(_ offset: Int, _ count: Int) -> Int? {
      isLittle ? bytes.little(offset, count) : bytes.big(offset, count)
    }
    guard let directory = value(4, 4), let count = value(directory, 2) else { return nil }
    var size: [Int: Int] = [:]
    for entry in 0..<count {
      let offset = directory + 2 + 12 * entry
      guard let tag = value(offset, 2), let kind = value(offset + 2, 2) else { return nil }
      if tag == 256 || tag == 257 { size[tag] = value(offset + 8, kind == 3 ? 2 : 4) }
    }
    guard let width = size[256], let height = size[257] else { return nil }
    return (width, height)
  }

  private static func jpeg(_ bytes: ByteReader) -> Size? {
    guard bytes.big(0, 2) == 0xffd8 else { return nil }
    var offset = 2
    while let marker = bytes.big(offset, 2), marker >> 8 == 0xff, let length = bytes.big(offset + 2, 2) {
      // Start of frame: all of C0…CF but the tables DHT, JPG and DAC.
      let kind = marker & 0xff
      if (0xc0...0xcf).contains(kind), ![0xc4, 0xc8, 0xcc].contains(kind) {
        guard let height = bytes.big(offset + 5, 2), let width = bytes.big(offset + 7, 2) else { return nil }
        return (width, height)
      }
      offset += 2 + length
    }
    return nil
  }
}

/// Numbers at offsets; nil behind the end.
private struct ByteReader {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func big(_ offset: Int, _ count: Int) -> Int? {
    slice(offset, count).map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  func little(_ offset: Int, _ count: Int) -> Int? {
    slice(offset, count).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
  }

  /// Compares with a text whose characters stand for bytes.
  func matches(_ text: String, at offset: Int) -> Bool {
    let wanted = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    return slice(offset, wanted.count).map { Array($0) == wanted } ?? false
  }

  private func slice(_ offset: Int, _ count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    return bytes[offset..<offset + count]
  }
}
