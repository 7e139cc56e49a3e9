import CFFmpeg
import CFFmpegShims
import Foundation

/// Owns an `AVFormatContext` that reads through our own descriptor and can open nothing else.
///
/// Confined to one thread at a time.
final class Demuxer {
  let file: InputFile
  let limits: MediaLimits
  let context: UnsafeMutablePointer<AVFormatContext>
  private let input: DemuxerInput

  /// Finds the container by its content, never by its name.
  /// - Throws: `.refused` for containers that are not allowed, `.badData`, `.overLimit` for pictures too large.
  init(_ file: InputFile, limits: MediaLimits) throws(VideoIOError) {
    FFmpegLog.capture()
    self.file = file
    self.limits = limits
    let input = try DemuxerInput(file)
    self.input = input
    let format = try Self.probe(input)
    if InputFormats.isImage(format), let header = ImageHeader(file) {
      try limits.checkPixels(header.width, header.height, file: file.path)
    }
    context = try Self.open(input, format)
    // Once all is initialised a throw runs deinit.
    try checkPixels()
    try findStreams()
    try checkPixels()
  }

  deinit {
    var owned: UnsafeMutablePointer<AVFormatContext>? = context
    avformat_close_input(&owned)
  }

  var format: UnsafePointer<AVInputFormat> { UnsafePointer(context.pointee.iformat) }

  var streams: [UnsafeMutablePointer<AVStream>] {
    (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
  }

  /// Reads one stream only from here on.
  func select(stream: Int) {
    for (index, other) in streams.enumerated() where index != stream { other.pointee.discard = AVDISCARD_ALL }
  }

  /// The next packet of `stream`.
  /// - Returns: false at the end.
  /// - Throws: `FFmpegError` where the container breaks off.
  func read(_ packet: FFmpegPacket, stream: Int) throws(FFmpegError) -> Bool {
    while true {
      packet.unreference()
      let result = av_read_frame(context, packet.pointer)
      if result == FFmpegCode.endOfFile { return false }
      if result == FFmpegCode.again { continue }
      try FFmpegError.check(result)
      if Int(packet.pointer.pointee.stream_index) == stream { return true }
    }
  }

  /// Goes to the last keyframe at or before `timestamp`, as far as the container can tell.
  func seek(stream: Int, to timestamp: Int64) throws(FFmpegError) {
    try FFmpegError.check(av_seek_frame(context, Int32(stream), timestamp, AVSEEK_FLAG_BACKWARD))
  }

  private static func probe(_ input: DemuxerInput) throws(VideoIOError) -> UnsafePointer<AVInputFormat> {
    if input.file.size == 0 { throw VideoIOError(.badData, file: input.file.path, "the file is empty") }
    var format: UnsafePointer<AVInputFormat>?
    let score = av_probe_input_buffer2(input.pointer, &format, "", nil, 0, 0)
    guard score >= 0, let format else {
      throw VideoIOError(.badData, file: input.file.path, "neither a video nor an image that is known here")
    }
    guard InputFormats.allows(format) else {
      let name = String(cString: format.pointee.name)
      throw VideoIOError(
        .refused, file: input.file.path, "this is a file of the kind \(name), which is not read; see cleanplate doctor")
    }
    return format
  }

  private static func open(
    _ input: DemuxerInput, _ format: UnsafePointer<AVInputFormat>
  ) throws(VideoIOError) -> UnsafeMutablePointer<AVFormatContext> {
    guard let allocated = avformat_alloc_context() else {
      throw VideoIOError(.internalFault, file: input.file.path, "no memory for the demuxer")
    }
    var context: UnsafeMutablePointer<AVFormatContext>? = allocated
    allocated.pointee.pb = input.pointer
    allocated.pointee.io_open = { _, _, _, _, _ in FFmpegCode.accessDenied }
    let options = FFmpegDictionary([
      "protocol_whitelist": "none", "format_whitelist": String(cString: format.pointee.name),
    ])
    let result = avformat_open_input(&context, "", format, &options.pointer)
    guard result >= 0, let context else {
      throw VideoIOError(
        .badData, file: input.file.path, "damaged or cut short: its header cannot be read", FFmpegError(code: result))
    }
    return context
  }

  private func findStreams() throws(VideoIOError) {
    let options = streams.map { _ in FFmpegDictionary(["max_pixels": String(limits.decoderPixels), "threads": "1"]) }
    var pointers = options.map(\.pointer)
    let result = avformat_find_stream_info(context, &pointers)
    for (option, pointer) in zip(options, pointers) { option.pointer = pointer }
    if result < 0 {
      throw VideoIOError(.badData, file: file.path, "its streams cannot be read", FFmpegError(code: result))
    }
  }

  private func checkPixels() throws(VideoIOError) {
    for stream in streams {
      guard let parameters = stream.pointee.codecpar, parameters.pointee.codec_type == AVMEDIA_TYPE_VIDEO else {
        continue
      }
      let (width, height) = (Int(max(0, parameters.pointee.width)), Int(max(0, parameters.pointee.height)))
      try limits.checkPixels(width, height, file: file.path, stream: Int(stream.pointee.index))
    }
  }
}

/// The `AVIOContext` of a demuxer, and its place in the file.
final class DemuxerInput {
  let file: InputFile
  let pointer: UnsafeMutablePointer<AVIOContext>
  private var position = 0

  init(_ file: InputFile) throws(VideoIOError) {
    self.file = file
    let size = 1 << 16
    guard let buffer = av_malloc(size),
      let context = avio_alloc_context(
        buffer.assumingMemoryBound(to: UInt8.self), Int32(size), 0, nil,
        { Unmanaged<DemuxerInput>.fromOpaque($0!).takeUnretainedValue().read($1!, Int($2)) }, nil,
        { Unmanaged<DemuxerInput>.fromOpaque($0!).takeUnretainedValue().seek($1, $2) })
    else { throw VideoIOError(.internalFault, file: file.path, "no memory for the reader") }
    pointer = context
    pointer.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
  }

  deinit {
    av_free(pointer.pointee.buffer)
    var owned: UnsafeMutablePointer<AVIOContext>? = pointer
    avio_context_free(&owned)
  }

  private func read(_ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int32 {
    let result = file.read(at: position, into: buffer, count: count)
    if result < 0 { return FFmpegCode.inputOutput }
    if result == 0 { return FFmpegCode.endOfFile }
    position += result
    return Int32(result)
  }

  private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
    if whence & AVSEEK_SIZE != 0 { return Int64(file.size) }
    let origin: Int
    switch whence & ~AVSEEK_FORCE {
    case SEEK_SET: origin = 0
    case SEEK_CUR: origin = position
    case SEEK_END: origin = file.size
    default: return Int64(FFmpegCode.inputOutput)
    }
    let (target, overflow) = origin.addingReportingOverflow(Int(offset))
    if overflow || target < 0 { return Int64(FFmpegCode.inputOutput) }
    position = target
    return Int64(target)
  }
}
