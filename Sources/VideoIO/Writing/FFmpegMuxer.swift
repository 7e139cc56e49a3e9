import CFFmpeg

/// Owns an `AVFormatContext` that writes to a file. Confined to one thread at a time.
final class FFmpegMuxer {
  let pointer: UnsafeMutablePointer<AVFormatContext>
  private var hasHeader = false

  /// - Parameter format: FFmpeg's short name of the container.
  init(format: String, path: String) throws(FFmpegError) {
    var context: UnsafeMutablePointer<AVFormatContext>?
    try FFmpegError.check(avformat_alloc_output_context2(&context, nil, format, "file:" + path))
    pointer = try FFmpegError.allocated(context)
    pointer.pointee.flags |= AVFMT_FLAG_BITEXACT
    // FLAC and others in MP4 are standard by now, and experimental to FFmpeg 5.
    pointer.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
    // Times are as they should be; FFmpeg would move Matroska's pictures by what Opus skips at its start.
    if format == "matroska" || format == "webm" { pointer.pointee.avoid_negative_ts = 0 }
    try FFmpegError.check(avio_open2(&pointer.pointee.pb, "file:" + path, AVIO_FLAG_WRITE, nil, nil))
  }

  deinit {
    avio_closep(&pointer.pointee.pb)
    avformat_free_context(pointer)
  }

  var formatFlags: Int32 { pointer.pointee.oformat.pointee.flags }

  func addStream() throws(FFmpegError) -> UnsafeMutablePointer<AVStream> {
    try FFmpegError.allocated(avformat_new_stream(pointer, nil))
  }

  func writeHeader(_ options: FFmpegDictionary) throws(FFmpegError) {
    try FFmpegError.check(avformat_write_header(pointer, &options.pointer))
    hasHeader = true
  }

  /// Takes the packet's data; packets of all streams come out in the order of their decoding times.
  func write(_ packet: FFmpegPacket) throws(FFmpegError) {
    try FFmpegError.check(av_interleaved_write_frame(pointer, packet.pointer))
  }

  /// Writes the trailer and closes the file.
  func finish() throws(FFmpegError) {
    if hasHeader { try FFmpegError.check(av_write_trailer(pointer)) }
    hasHeader = false
    let failure = pointer.pointee.pb.pointee.error
    let closed = avio_closep(&pointer.pointee.pb)
    try FFmpegError.check(failure)
    try FFmpegError.check(closed)
  }
}
