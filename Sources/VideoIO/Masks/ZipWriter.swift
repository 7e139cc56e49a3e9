import CArchive
import Foundation

/// Writes a zip of files that are packed already. The same files give the same bytes: no times, no owners.
final class ZipWriter {
  private let archive: OpaquePointer?
  private let path: String

  /// - Parameters:
  ///   - target: where to write.
  ///   - path: what messages call it.
  init(_ target: String, for path: String) throws(VideoIOError) {
    self.path = path
    archive = archive_write_new()
    try check(archive_write_set_format_zip(archive))
    try check(archive_write_set_options(archive, "zip:compression=store"))
    try check(archive_write_open_filename(archive, target))
  }

  deinit { archive_write_free(archive) }

  func add(_ name: String, _ bytes: [UInt8]) throws(VideoIOError) {
    let entry = archive_entry_new()
    defer { archive_entry_free(entry) }
    archive_entry_set_pathname(entry, name)
    archive_entry_set_filetype(entry, 0o100000)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_size(entry, Int64(bytes.count))
    try check(archive_write_header(archive, entry))
    guard archive_write_data(archive, bytes, bytes.count) == bytes.count else { throw failure }
  }

  func finish() throws(VideoIOError) { try check(archive_write_close(archive)) }

  private func check(_ result: Int32) throws(VideoIOError) {
    if result != ARCHIVE_OK { throw failure }
  }

  /// libarchive's own words are only "Write error".
  private var failure: VideoIOError {
    let number = archive_errno(archive)
    let words = number > 0 ? strerror(number) : archive_error_string(archive).map { UnsafeMutablePointer(mutating: $0) }
    return VideoIOError(
      .cannotWrite, file: path, "the zip cannot be written", underlying: words.map { String(cString: $0) })
  }
}
