import Foundation

/// Owns the descriptor of the regular file that media are read from.
///
/// Paths are plain paths: no character in them has a meaning, and no protocol is looked for. Safe from any thread.
final class InputFile: Sendable {
  enum Kind { case regular, folder, pipe }

  /// The path as the user gave it.
  let path: String
  let descriptor: Int32
  let size: Int

  /// Opens a file, or spools a pipe (`-` is standard input) into an unnamed temporary file.
  /// - Throws: `.cannotOpen`, `.refused` for addresses, `.overLimit` for files of more than `limits.bytes`.
  init(_ path: String, limits: MediaLimits) throws(VideoIOError) {
    let kind = try Self.kind(of: path)
    if kind == .folder { throw VideoIOError(.cannotOpen, file: path, "this is a folder, not a file") }
    let opened = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    if opened < 0 { throw Self.cannotOpen(path) }
    guard kind == .pipe else {
      self.path = path
      descriptor = opened
      size = Self.size(of: opened)
      if size > limits.bytes { throw Self.tooLarge(path, limits) }
      return
    }
    defer { close(opened) }
    (descriptor, size) = try Self.spool(opened, path, limits)
    self.path = path
    SpooledPipes.remember(self)
  }

  /// Bytes that are at hand, kept in an unnamed temporary file.
  /// - Parameter path: what messages call them.
  init(bytes: [UInt8], named path: String) throws(VideoIOError) {
    let file = try Self.temporaryFile(path)
    do {
      try Self.write(bytes[...], to: file, path)
    } catch {
      close(file)
      throw error
    }
    self.path = path
    descriptor = file
    size = bytes.count
  }

  deinit { close(descriptor) }

  /// Reads at `offset` without moving a shared position.
  /// - Returns: how many bytes were read; 0 at the end, below 0 where reading failed.
  func read(at offset: Int, into buffer: UnsafeMutableRawPointer, count: Int) -> Int {
    while true {
      let result = pread(descriptor, buffer, count, off_t(offset))
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// What lies at a path.
  /// - Throws: `.cannotOpen` where nothing or a device does, `.refused` where the path is an address.
  static func kind(of path: String) throws(VideoIOError) -> Kind {
    var status = stat()
    if path.isEmpty || path.utf8.contains(0) { throw VideoIOError(.cannotOpen, file: path, "this is no path") }
    if (path == "-" ? fstat(STDIN_FILENO, &status) : stat(path, &status)) != 0 { throw cannotOpen(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .folder
    case S_IFIFO, S_IFSOCK: return .pipe
    default: throw VideoIOError(.cannotOpen, file: path, "this is a device, not a file")
    }
  }

  private static func cannotOpen(_ path: String) -> VideoIOError {
    let failure = errno
    if failure == ENOENT, isAddress(path) {
      return VideoIOError(
        .refused, file: path, "addresses and protocols are not opened; give a file, a folder of images or a pipe")
    }
    return VideoIOError(.cannotOpen, file: path, "cannot be opened", underlying: String(cString: strerror(failure)))
  }

  /// Whether a path that leads nowhere reads like `scheme:rest`.
  private static func isAddress(_ path: String) -> Bool {
    guard let colon = path.firstIndex(of: ":"), colon != path.startIndex else { return false }
    return path[..<colon].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }

  private static func size(of descriptor: Int32) -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  private static func tooLarge(_ path: String, _ limits: MediaLimits) -> VideoIOError {
    VideoIOError(.overLimit, file: path, "more than \(limits.bytes) bytes; raise --max-bytes to read it")
  }

  private static func temporaryFile(_ path: String) throws(VideoIOError) -> Int32 {
    var template = Array((FileManager.default.temporaryDirectory.path + "/cleanplate-XXXXXX").utf8CString)
    let file = mkstemp(&template)
    if file < 0 {
      throw VideoIOError(
        .cannotWrite, file: path, "no temporary file can be made", underlying: String(cString: strerror(errno)))
    }
    unlink(template)
    return file
  }

  private static func spool(_ pipe: Int32, _ path: String, _ limits: MediaLimits) throws(VideoIOError) -> (Int32, Int) {
    let file = try temporaryFile(path)
    do {
      return (file, try copy(pipe, to: file, path, limits))
    } catch {
      close(file)
      throw error
    }
  }

  private static func copy(_ pipe: Int32, to file: Int32, _ path: String, _ limits: MediaLimits) throws(VideoIOError)
    -> Int
  {
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    var total = 0
    while true {
      let count = Foundation.read(pipe, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 {
        throw VideoIOError(
          .cannotOpen, file: path, "the pipe cannot be read", underlying: String(cString: strerror(errno)))
      }
      if count == 0 { return total }
      total += count
      if total > limits.bytes { throw tooLarge(path, limits) }
      try write(buffer[..<count], to: file, path)
    }
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to file: Int32, _ path: String) throws(VideoIOError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
      if written < 0, errno == EINTR { continue }
      if written <= 0 {
        throw VideoIOError(
          .cannotWrite, file: path, "the content cannot be kept in a temporary file",
          underlying: String(cString: strerror(errno)))
      }
      rest = rest.dropFirst(written)
    }
  }
}
