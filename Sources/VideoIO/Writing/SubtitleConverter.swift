import CFFmpeg

/// Writes text subtitles in the container's own format, by way of ASS, in which FFmpeg hands them over.
final class SubtitleConverter: PacketRoute {
  private(set) var warnings: [String] = []
  private let muxer: FFmpegMuxer
  private let stream: UnsafeMutablePointer<AVStream>
  private let index: Int32
  private let base: AVRational
  private let decoder: FFmpegCodecContext
  private let encoder: FFmpegCodecContext
  private let window: PacketWindow

  /// - Throws: `FFmpegError` where there is no decoder or encoder.
  init(
    _ muxer: FFmpegMuxer, from input: UnsafeMutablePointer<AVStream>, to stream: UnsafeMutablePointer<AVStream>,
    encoder name: String, window: ClosedRange<Double>?
  ) throws(FFmpegError) {
    self.muxer = muxer
    self.stream = stream
    self.window = PacketWindow(seconds: window, keepsStraddling: true)
    index = input.pointee.index
    base = input.pointee.time_base
    decoder = try FFmpegCodecContext(decoding: input)
    encoder = try FFmpegCodecContext(subtitles: name, headerOf: decoder)
    try FFmpegError.check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.pointer))
    stream.pointee.time_base = AVRational(num: 1, den: 1000)
  }

  func take(_ packet: FFmpegPacket, shift: Int64) throws {
    let duration = packet.pointer.pointee.duration
    guard let time = packet.time, window.keeps(time, duration: duration, base) else { return }
    guard let text = try? encoded(packet) else {
      if warnings.isEmpty { warnings = ["some text of subtitle stream \(index) could not be read and is left out"] }
      return
    }
    guard !text.isEmpty else { return }
    let begin = max(0, time &+ shift)
    let copy = try FFmpegPacket()
    try FFmpegError.check(av_new_packet(copy.pointer, Int32(clamping: text.count)))
    for (offset, byte) in text.enumerated() { copy.pointer.pointee.data[offset] = byte }
    copy.pointer.pointee.pts = begin
    copy.pointer.pointee.dts = begin
    copy.pointer.pointee.duration = max(0, time &+ shift &+ duration &- begin)
    copy.pointer.pointee.stream_index = stream.pointee.index
    av_packet_rescale_ts(copy.pointer, base, stream.pointee.time_base)
    try muxer.write(copy)
  }

  func finish() {}

  private func encoded(_ packet: FFmpegPacket) throws(FFmpegError) -> [UInt8] {
    var subtitle = AVSubtitle()
    var isComplete: Int32 = 0
    try FFmpegError.check(avcodec_decode_subtitle2(decoder.pointer, &subtitle, &isComplete, packet.pointer))
    guard isComplete != 0 else { return [] }
    defer { avsubtitle_free(&subtitle) }
    var text = [UInt8](repeating: 0, count: 1 << 16)
    let count = avcodec_encode_subtitle(encoder.pointer, &text, Int32(text.count), &subtitle)
    return Array(text.prefix(Int(try FFmpegError.check(count))))
  }
}

extension FFmpegCodecContext {
  fileprivate convenience init(subtitles name: String, headerOf decoder: FFmpegCodecContext) throws(FFmpegError) {
    guard let codec = avcodec_find_encoder_by_name(name) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    try self.init(codec)
    pointer.pointee.time_base = AVRational(num: 1, den: 1000)
    let size = Int(decoder.pointer.pointee.subtitle_header_size)
    if size > 0, let header = decoder.pointer.pointee.subtitle_header, let copy = av_mallocz(size + 1) {
      copy.copyMemory(from: header, byteCount: size)
      pointer.pointee.subtitle_header = copy.assumingMemoryBound(to: UInt8.self)
      pointer.pointee.subtitle_header_size = Int32(size)
    }
    try open()
  }
}
