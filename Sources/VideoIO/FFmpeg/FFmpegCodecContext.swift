import CFFmpeg
import CFFmpegShims

/// Owns an `AVCodecContext`: a decoder or an encoder. Confined to one thread at a time.
final class FFmpegCodecContext {
  enum Progress { case ready, needsInput, ended }

  let pointer: UnsafeMutablePointer<AVCodecContext>
  private let complaints: OpaquePointer?

  init(_ codec: UnsafePointer<AVCodec>) throws(FFmpegError) {
    pointer = try FFmpegError.allocated(avcodec_alloc_context3(codec))
    complaints = cff_watch(pointer)
  }

  /// An encoder of single pictures that gives the same bytes everywhere; to be opened.
  /// - Throws: `FFmpegError` where this FFmpeg has no such encoder.
  convenience init(
    still id: AVCodecID, width: Int, height: Int, format: AVPixelFormat
  ) throws(FFmpegError) {
    FFmpegLog.capture()
    guard let codec = avcodec_find_encoder(id) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    try self.init(codec)
    pointer.pointee.width = Int32(clamping: width)
    pointer.pointee.height = Int32(clamping: height)
    pointer.pointee.pix_fmt = format
    pointer.pointee.time_base = AVRational(num: 1, den: 25)
    pointer.pointee.thread_count = 1
    pointer.pointee.flags |= AV_CODEC_FLAG_BITEXACT
  }

  deinit {
    var owned: UnsafeMutablePointer<AVCodecContext>? = pointer
    avcodec_free_context(&owned)
    cff_complaints_free(complaints)
  }

  /// Whether an error line was logged, by any of the codec's threads.
  var hasComplained: Bool { cff_complaint_count(complaints) > 0 }

  func open(_ options: FFmpegDictionary = FFmpegDictionary()) throws(FFmpegError) {
    try FFmpegError.check(avcodec_open2(pointer, nil, &options.pointer))
  }

  /// Hands a packet to the decoder; nil drains it.
  /// - Returns: false where frames must be received first.
  func send(_ packet: FFmpegPacket?) throws(FFmpegError) -> Bool {
    try accepted(avcodec_send_packet(pointer, packet?.pointer))
  }

  /// Hands a frame to the encoder; nil drains it.
  /// - Returns: false where packets must be received first.
  func send(_ frame: FFmpegFrame?) throws(FFmpegError) -> Bool {
    try accepted(avcodec_send_frame(pointer, frame?.pointer))
  }

  func receive(_ frame: FFmpegFrame) throws(FFmpegError) -> Progress {
    try progress(avcodec_receive_frame(pointer, frame.pointer))
  }

  func receive(_ packet: FFmpegPacket) throws(FFmpegError) -> Progress {
    try progress(avcodec_receive_packet(pointer, packet.pointer))
  }

  /// Forgets what is in flight; to be called after a seek.
  func flush() { avcodec_flush_buffers(pointer) }

  private func accepted(_ result: Int32) throws(FFmpegError) -> Bool {
    if result == FFmpegCode.again { return false }
    try FFmpegError.check(result)
    return true
  }

  private func progress(_ result: Int32) throws(FFmpegError) -> Progress {
    if result == FFmpegCode.again { return .needsInput }
    if result == FFmpegCode.endOfFile { return .ended }
    try FFmpegError.check(result)
    return .ready
  }
}
