import Foundation
import Imaging

/// Frames as PNG images in a folder or a zip, in the displayed orientation.
final class ImageSequenceSink: FrameSink {
  var warnings: [String] { notes + store.warnings }
  private var notes: [String]
  private let path: String
  private let source: MediaInfo
  private let store: any ImageStore
  private let encoder: PNGEncoder
  private var count = 0
  private var isOpen = true

  /// - Throws: `VideoIOError`: `.exists`, `.cannotWrite`, `.unsupported`.
  init(_ path: String, source: MediaInfo, to store: any ImageStore) throws {
    self.path = path
    self.source = source
    self.store = store
    do {
      encoder = try PNGEncoder(VideoShape(source, source.orientation), path: path)
    } catch let error as FFmpegError {
      throw VideoIOError(.unsupported, file: path, "these frames cannot be written as PNG", error)
    }
    notes = encoder.warnings
    if source.streams.contains(where: { $0.kind == .audio }) {
      notes.append("a sequence of images holds no sound")
    }
  }

  deinit { cancel() }

  func write(_ frame: Frame, time: Int64, duration: Int64) throws {
    guard isOpen else { throw VideoIOError(.internalFault, file: path, frame: count, "a frame after the end") }
    guard frame.width == source.width, frame.height == source.height, frame.format == source.format else {
      throw VideoIOError(
        .mismatch, file: path, frame: count,
        "a frame of \(frame.width)x\(frame.height) among frames of \(source.width)x\(source.height)")
    }
    do {
      let bytes = try encoder.encode(try frame.turned(by: source.orientation))
      try store.add(StagedPath.imageName(count), bytes)
    } catch let error as FFmpegError {
      throw VideoIOError(.internalFault, file: path, frame: count, "the image could not be encoded", error)
    }
    count += 1
  }

  func finish() throws {
    guard isOpen else { return }
    guard count > 0 else { throw VideoIOError(.noVideo, file: path, "no frame was written") }
    try store.finish()
    isOpen = false
  }

  func cancel() {
    isOpen = false
    store.cancel()
  }
}

extension StagedPath {
  /// `00000.png` for 0.
  static func imageName(_ number: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits + ".png"
  }

  /// Writes a whole file and waits until it is on the disk.
  /// - Parameter file: the output's path for messages.
  static func write(_ bytes: [UInt8], to path: String, for file: String, frame: Int? = nil) throws(VideoIOError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .system(.cannotWrite, file: file, frame: frame, "the output cannot be written") }
    defer { close(descriptor) }
    var done = 0
    while done < bytes.count {
      let written = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw .system(.cannotWrite, file: file, frame: frame, "the output cannot be written") }
      done += written
    }
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw .system(.cannotWrite, file: file, frame: frame, "the output cannot be written")
    }
  }
}
