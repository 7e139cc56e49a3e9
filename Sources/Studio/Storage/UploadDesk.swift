import Foundation
import NIOCore
import ProjectStore
import VideoIO

/// Files on their way in pieces, as tus 1.0.0 has it. The offset is the file's size: a lost connection, a reload and a
/// killed server leave it at what was written.
actor UploadDesk {
  private let data: DataFolder
  private let store: ProjectStore
  private let disk: DiskLedger
  nonisolated let limits: MediaLimits
  private var underWay: Set<String> = []
  /// Promised to uploads and not yet there.
  private static let shelfLife: TimeInterval = 7 * 24 * 3600

  init(data: DataFolder, store: ProjectStore, disk: DiskLedger, limits: MediaLimits) {
    self.data = data
    self.store = store
    self.disk = disk
    self.limits = limits
  }

  struct View: Encodable, Sendable {
    var id: String
    var name: String
    var length: Int
    var offset: Int
  }

  func begin(name: String, length: Int) async throws -> Upload {
    guard length > 0 else { throw StudioError.badRequest("the file is empty; choose another") }
    guard length <= limits.bytes else {
      throw StudioError(
        .contentTooLarge, "too_large",
        "the file has \(DiskLedger.text(length)); files may have up to \(DiskLedger.text(limits.bytes))")
    }
    try await dropStale()
    let pending = try await unfinished()
    guard pending.count < Limits.uploads else {
      throw StudioError(
        .tooManyRequests, "too_many", "\(Limits.uploads) uploads are unfinished; finish or cancel one of them first")
    }
    try await disk.require(length + pending.reduce(0) { $0 + $1.length - $1.offset })
    let upload = Upload(id: Identifier.make(), name: CleanName.of(name), length: length, now: Date())
    guard FileManager.default.createFile(atPath: data.upload(upload.id), contents: nil) else {
      throw StudioError(.insufficientStorage, "disk_full", "the file cannot be stored; the disk is full or read-only")
    }
    try await store.insert(upload)
    return upload
  }

  func unfinished() async throws -> [View] {
    try await store.uploads().compactMap { upload in
      guard let offset = DataFolder.bytes(of: data.upload(upload.id)), offset < upload.length else { return nil }
      return View(id: upload.id, name: upload.name, length: upload.length, offset: offset)
    }
  }

  func offset(of upload: Upload) throws(StudioError) -> Int {
    guard let bytes = DataFolder.bytes(of: data.upload(upload.id)) else { throw .notFound("upload") }
    return bytes
  }

  /// Takes a piece.
  /// - Returns: the offset after it.
  func append<Body: AsyncSequence & Sendable>(
    _ body: Body, to upload: Upload, at offset: Int
  ) async throws -> Int where Body.Element == ByteBuffer {
    guard underWay.insert(upload.id).inserted else {
      throw StudioError(
        .locked, "busy", "another connection is sending this file; wait a moment and ask for its offset")
    }
    defer { underWay.remove(upload.id) }
    let known = try self.offset(of: upload)
    guard offset == known else {
      throw StudioError(.conflict, "offset", "the upload stands at \(known); send from there")
    }
    let writer = try UploadWriter(path: data.upload(upload.id), offset: offset, length: upload.length)
    return try await writer.write(body)
  }

  func drop(_ id: String) async throws {
    _ = try await store.upload(id)
    guard !underWay.contains(id) else {
      throw StudioError(.locked, "busy", "the upload is under way; stop sending first")
    }
    unlink(data.upload(id))
    try await store.deleteUpload(id)
    await disk.changed()
  }

  /// Moves a finished upload to where it is to lie.
  func claim(_ id: String, to path: String) async throws -> Upload {
    let upload = try await store.upload(id)
    guard try offset(of: upload) == upload.length, !underWay.contains(id) else {
      throw StudioError(.conflict, "unfinished", "the upload is not finished; send the rest first")
    }
    guard rename(data.upload(id), path) == 0 else { throw StudioError.notFound("upload") }
    return upload
  }

  /// Puts a file that was claimed back, where nothing came of it.
  func giveBack(_ id: String, from path: String) { _ = rename(path, data.upload(id)) }

  private func dropStale() async throws {
    for upload in try await store.uploads() where upload.created.timeIntervalSinceNow < -Self.shelfLife {
      try? await drop(upload.id)
    }
  }
}

/// Appends to one file. What cannot be a video is refused from its first bytes.
struct UploadWriter {
  private let path: String
  private let offset: Int
  private let length: Int

  init(path: String, offset: Int, length: Int) throws {
    self.path = path
    self.offset = offset
    self.length = length
  }

  func write<Body: AsyncSequence & Sendable>(_ body: Body) async throws -> Int where Body.Element == ByteBuffer {
    let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { throw StudioError.notFound("upload") }
    defer { close(file) }
    var end = offset
    var head: [UInt8] = []
    for try await piece in body {
      guard piece.readableBytes <= length - end else {
        throw StudioError(.contentTooLarge, "too_large", "more bytes came than the upload's length of \(length)")
      }
      if offset == 0, head.count < MediaSniff.length {
        head += piece.readableBytesView.prefix(MediaSniff.length - head.count)
        if let reason = MediaSniff.refusal(of: head) { throw StudioError(.unsupportedMediaType, "not_media", reason) }
      }
      try piece.withUnsafeReadableBytes { try Self.write($0, to: file, at: end) }
      end += piece.readableBytes
    }
    return end
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) throws {
    var done = 0
    while done < bytes.count {
      let count = pwrite(file, bytes.baseAddress! + done, bytes.count - done, off_t(offset + done))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        throw StudioError(
          .insufficientStorage, "disk_full", "the disk is full; make room, then go on: what was sent is kept")
      }
      done += count
    }
  }
}

/// Tells from a file's first bytes what can be no video: pages, scripts, playlists, programs and archives.
enum MediaSniff {
  static let length = 512

  /// Why the file is refused; nil where it may be a video.
  static func refusal(of head: [UInt8]) -> String? {
    guard head.count >= 4 else { return nil }
    let marks: [([UInt8], String)] = [
      (Array("PK".utf8) + [3, 4], "a zip"), (Array("%PDF".utf8), "a PDF"), ([0x7F] + Array("ELF".utf8), "a program"),
      (Array("MZ".utf8), "a program"), (Array("#!".utf8), "a script"), (Array("#EXTM3U".utf8), "a playlist"),
    ]
    for (mark, name) in marks where head.starts(with: mark) { return sentence(name) }
    let text = String(
      decoding: head.drop { $0 == 0xEF || $0 == 0xBB || $0 == 0xBF || $0 <= 32 }.prefix(64), as: UTF8.self
    )
    .lowercased()
    for (start, name) in [
      ("<svg", "an SVG picture"), ("<!doctype", "a web page"), ("<html", "a web page"), ("<?xml", "an XML file"),
      ("<script", "a web page"), ("<!--", "a web page"), ("ffconcat", "a playlist"), ("{\"", "a JSON file"),
    ] where text.hasPrefix(start) {
      return sentence(name)
    }
    return nil
  }

  private static func sentence(_ name: String) -> String {
    "this file is \(name), not a video; choose an MP4, MOV, MKV, WebM or AVI file"
  }
}
