import CArchive
import Foundation

/// Reads the images of a zip, each into memory. Names are labels only: nothing is ever written by them.
///
/// Going forward in the archive's own order is the fast way. Confined to one thread at a time.
final class ZipReader {
  /// The names of the images, in the archive's order.
  private(set) var names: [String] = []
  private let file: InputFile
  private let entryLimit: Int
  private var archive: OpaquePointer?
  /// The number of the entry that is read next, counted over all entries.
  private var position = 0
  /// Entry numbers of the images.
  private var places: [Int] = []

  /// - Throws: `VideoIOError`: `.badData`, `.overLimit` for too many entries.
  init(_ path: String, limits: MediaLimits) throws(VideoIOError) {
    file = try InputFile(path, limits: limits)
    let (bytes, overflow) = limits.pixels.multipliedReportingOverflow(by: 8)
    entryLimit = min(overflow ? .max : bytes, 1 << 30) + 1 << 20
    try rewind()
    while let entry = try nextEntry() {
      if position > limits.frames + 10_000 {
        throw VideoIOError(.overLimit, file: path, "more than \(limits.frames) entries; raise --max-frames to read it")
      }
      guard let name = Self.imageName(entry) else { continue }
      names.append(name)
      places.append(position - 1)
    }
    if names.isEmpty { throw VideoIOError(.noVideo, file: path, "no images (jpg, png, bmp, tiff, webp) in this zip") }
  }

  deinit { archive_read_free(archive) }

  /// The content of image `index` of `names`.
  func image(_ index: Int) throws(VideoIOError) -> [UInt8] {
    let place = places[index]
    if place < position { try rewind() }
    while let entry = try nextEntry() {
      if position - 1 == place { return try content(entry, names[index]) }
    }
    throw VideoIOError(.badData, file: file.path, "the zip breaks off before \(names[index])")
  }

  private func rewind() throws(VideoIOError) {
    archive_read_free(archive)
    archive = archive_read_new()
    archive_read_support_format_zip(archive)
    lseek(file.descriptor, 0, SEEK_SET)
    position = 0
    guard archive_read_open_fd(archive, file.descriptor, 1 << 16) == ARCHIVE_OK else {
      throw damaged("this is no zip that can be read")
    }
  }

  private func nextEntry() throws(VideoIOError) -> OpaquePointer? {
    var entry: OpaquePointer?
    let result = archive_read_next_header(archive, &entry)
    if result == ARCHIVE_EOF { return nil }
    guard result == ARCHIVE_OK || result == ARCHIVE_WARN, let entry else {
      throw damaged("the zip is damaged or cut short")
    }
    position += 1
    return entry
  }

  /// Reads in pieces and never trusts the size that is written down.
  private func content(_ entry: OpaquePointer, _ name: String) throws(VideoIOError) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = archive_read_data(archive, &piece, piece.count)
      if count == 0 { return bytes }
      guard count > 0 else { throw damaged("\(name) in the zip is damaged, encrypted or packed in an unknown way") }
      bytes.append(contentsOf: piece.prefix(count))
      if bytes.count > entryLimit {
        throw VideoIOError(
          .overLimit, file: file.path,
          "\(name) in the zip unpacks to more than \(entryLimit) bytes; raise --max-pixels to read it")
      }
    }
  }

  private func damaged(_ message: String) -> VideoIOError {
    VideoIOError(
      .badData, file: file.path, message, underlying: archive_error_string(archive).map { String(cString: $0) })
  }

  /// nil for what is no regular image file, hidden, or what macOS adds.
  private static func imageName(_ entry: OpaquePointer) -> String? {
    let regular: mode_t = 0o100000
    guard archive_entry_filetype(entry) == regular,
      let pointer = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    else { return nil }
    let name = String(cString: pointer)
    let parts = name.split(separator: "/")
    guard let last = parts.last, !last.hasPrefix("."), parts.first != "__MACOSX",
      ImageListing.extensions.contains((String(last) as NSString).pathExtension.lowercased())
    else { return nil }
    return name
  }
}
