import CFFmpeg
import CFFmpegShims
import Foundation

/// A failed call of FFmpeg: its code, and the words FFmpeg has for it.
struct FFmpegError: Error {
  let code: Int32
  /// The last error line that FFmpeg logged on this thread; often says more than the code.
  let detail: String?

  init(code: Int32) {
    self.code = code
    detail = FFmpegLog.takeLine()
  }

  var isEndOfFile: Bool { code == FFmpegCode.endOfFile }

  var text: String {
    var buffer = [CChar](repeating: 0, count: 128)
    cff_error_text(code, &buffer, Int32(buffer.count))
    let reason = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard let detail, !detail.isEmpty, detail != reason else { return reason }
    return "\(detail): \(reason)"
  }

  /// Returns `result` where it is no error code.
  /// - Throws: `FFmpegError` where `result` is below 0.
  @discardableResult
  static func check(_ result: Int32) throws(FFmpegError) -> Int32 {
    if result < 0 { throw FFmpegError(code: result) }
    return result
  }

  /// Returns `pointer` where the allocation succeeded.
  static func allocated<Object>(_ pointer: UnsafeMutablePointer<Object>?) throws(FFmpegError)
    -> UnsafeMutablePointer<Object>
  {
    guard let pointer else { throw FFmpegError(code: FFmpegCode.outOfMemory) }
    return pointer
  }
}

extension VideoIOError {
  init(
    _ code: Code, file: String, stream: Int? = nil, frame: Int? = nil, _ message: String, _ error: FFmpegError
  ) {
    self.init(code, file: file, stream: stream, frame: frame, message, underlying: error.text)
  }
}

/// Codes and constants of FFmpeg that are macros in C.
enum FFmpegCode {
  static let again = cff_error_eagain()
  static let endOfFile = cff_error_eof()
  static let invalidData = cff_error_invalid_data()
  static let outOfMemory = -ENOMEM
  static let inputOutput = -EIO
  static let accessDenied = -EACCES
  /// The timestamp that stands for "none".
  static let noTimestamp = cff_nopts()
}

/// FFmpeg's log, kept off the terminal.
enum FFmpegLog {
  private static let captured: Void = cff_capture_log()

  /// To be called before FFmpeg is used; doing so again costs nothing.
  static func capture() {
    _ = captured
    cff_clear_log_line()
  }

  /// Whether demuxers found something wrong on this thread since the line was taken last.
  static var hasDemuxerComplaints: Bool { cff_demuxer_complaints() > 0 }

  /// The calling thread's last error line, once.
  static func takeLine() -> String? {
    let line = String(cString: cff_last_log_line())
    cff_clear_log_line()
    return line.isEmpty ? nil : line
  }
}
