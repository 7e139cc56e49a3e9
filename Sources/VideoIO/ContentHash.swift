import CFFmpeg
import Foundation

/// A fingerprint of what a file, or a folder of files, holds; names and dates do not count for a file. Of a pipe, it is that
/// of what came through, while its clip is open.
public enum ContentHash {
  /// MurmurHash3 (128 bit) as hex digits; for a folder, of its entries' names and contents in name order.
  /// - Throws: `VideoIOError.cannotOpen`.
  public static func of(_ path: String) throws(VideoIOError) -> String {
    try hexadecimal(path, "murmur3") { context throws(VideoIOError) in
      for file in files(of: path) {
        if file != path { update(context, Array(file.utf8.dropFirst(path.utf8.count))) }
        try add(file, to: context)
      }
    }
  }

  /// The same of bytes.
  /// - Throws: `VideoIOError.internalFault` where FFmpeg lacks the hash.
  public static func of(_ bytes: [UInt8]) throws(VideoIOError) -> String {
    try hexadecimal("the bytes to hash", "murmur3") { context throws(VideoIOError) in update(context, bytes) }
  }

  /// The hash that authors publish for their files (SHA-256, FIPS 180-4) as hex digits.
  /// - Throws: `VideoIOError.cannotOpen`.
  public static func sha256(file path: String) throws(VideoIOError) -> String {
    try hexadecimal(path, "SHA256") { context throws(VideoIOError) in try add(path, to: context) }
  }

  private static func hexadecimal(
    _ name: String, _ kind: String, _ fill: (OpaquePointer) throws(VideoIOError) -> Void
  ) throws(VideoIOError) -> String {
    var context: OpaquePointer?
    guard av_hash_alloc(&context, kind) >= 0, let context else {
      throw VideoIOError(.internalFault, file: name, "this FFmpeg has no \(kind) hash")
    }
    defer {
      var owned: OpaquePointer? = context
      av_hash_freep(&owned)
    }
    av_hash_init(context)
    try fill(context)
    var text = [UInt8](repeating: 0, count: Int(AV_HASH_MAX_SIZE) * 2 + 1)
    av_hash_final_hex(context, &text, Int32(text.count))
    return String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
  }

  private static func files(of path: String) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.sorted().filter { !$0.hasPrefix(".") }.map { path + "/" + $0 }
  }

  private static func add(_ file: String, to context: OpaquePointer) throws(VideoIOError) {
    let input = try opened(file)
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var offset = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { input.read(at: offset, into: $0.baseAddress!, count: $0.count) }
      guard count >= 0 else { throw .system(.cannotOpen, file: file, "cannot be read") }
      if count == 0 { break }
      av_hash_update(context, buffer, count)
      offset += count
    }
  }

  /// A pipe whose content is gone would be read again for ever, or as nothing.
  private static func opened(_ file: String) throws(VideoIOError) -> InputFile {
    if let pipe = SpooledPipes.file(file) { return pipe }
    guard try InputFile.kind(of: file) == .regular else {
      throw VideoIOError(.cannotOpen, file: file, "is no file, and its content can be read only once; save it to a file")
    }
    return try InputFile(file, limits: .none)
  }

  private static func update(_ context: OpaquePointer, _ bytes: [UInt8]) {
    av_hash_update(context, bytes, bytes.count)
  }
}
