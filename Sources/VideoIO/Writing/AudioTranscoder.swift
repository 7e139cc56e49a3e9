import CFFmpeg

/// Encodes sound anew where the container does not hold the source's codec. Sample-exact at the window's edges.
final class AudioTranscoder: PacketRoute {
  let warnings: [String] = []
  private let muxer: FFmpegMuxer
  private let stream: UnsafeMutablePointer<AVStream>
  private let base: AVRational
  private let decoder: FFmpegCodecContext
  private let encoder: FFmpegCodecContext
  private let resampler: AudioResampler
  private let decoded: FFmpegFrame
  private let packet: FFmpegPacket
  private let window: ClosedRange<Double>?
  private let lead: CodecLead
  private let holdsStart: Bool
  /// The output's sample at which its next frame begins, from 0 at the output's time 0; nil before the first.
  private var position: Int64?
  private var shift: Int64 = 0

  /// - Throws: `FFmpegError` where there is no decoder or encoder, or they do not agree.
  init(
    _ muxer: FFmpegMuxer, from input: UnsafeMutablePointer<AVStream>, to stream: UnsafeMutablePointer<AVStream>,
    _ container: Container, window: ClosedRange<Double>?
  ) throws(FFmpegError) {
    self.muxer = muxer
    self.stream = stream
    self.window = window
    holdsStart = container.hasPresentationTimes
    base = input.pointee.time_base
    decoded = try FFmpegFrame()
    packet = try FFmpegPacket()
    decoder = try FFmpegCodecContext(decoding: input)
    encoder = try FFmpegCodecContext(
      encodingSoundOf: decoder, bits: Self.bits(input), by: container.audioEncoder,
      needsGlobalHeader: muxer.formatFlags & AVFMT_GLOBALHEADER != 0)
    resampler = try AudioResampler(to: encoder)
    try FFmpegError.check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.pointer))
    stream.pointee.time_base = encoder.pointer.pointee.time_base
    lead = CodecLead(stream.pointee.codecpar, encoder.pointer.pointee.time_base, in: container)
  }

  /// Of a sample, where the source says.
  private static func bits(_ input: UnsafeMutablePointer<AVStream>) -> Int32 {
    let parameters = input.pointee.codecpar.pointee
    return max(parameters.bits_per_raw_sample, av_get_exact_bits_per_sample(parameters.codec_id))
  }

  var codecName: String { String(cString: avcodec_get_name(encoder.pointer.pointee.codec_id)) }

  private var rate: Int32 { encoder.pointer.pointee.sample_rate }

  func take(_ packet: FFmpegPacket, shift: Int64) throws {
    self.shift = shift
    guard let time = packet.time else { return }
    // Half a second more at the start fills the decoder's overlap; the samples themselves are cut to the window.
    let margin = window.map { max(0, $0.lowerBound - 0.5)...($0.upperBound + 0.5) }
    guard
      PacketWindow(seconds: margin, keepsStraddling: true).keeps(time, duration: packet.pointer.pointee.duration, base)
    else { return }
    // A packet that does not decode is a gap, which the resampler fills with silence.
    guard (try? decoder.send(packet)) == true else { return }
    try receive()
  }

  func finish() throws {
    _ = try? decoder.send(Optional<FFmpegPacket>.none)
    try receive()
    try encode(all: true)
    _ = try encoder.send(Optional<FFmpegFrame>.none)
    try drain()
  }

  private func receive() throws {
    while (try? decoder.receive(decoded)) == .ready {
      let time = decoded.pointer.pointee.best_effort_timestamp
      if time != FFmpegCode.noTimestamp {
        let start = av_rescale_q(time &+ shift, base, AVRational(num: 1, den: rate))
        try place(start)
      }
      try resampler.push(decoded)
      decoded.unreference()
      try encode(all: false)
    }
  }

  /// Brings the next decoded sample to `start`: gaps become silence, what lies before the output's start is dropped.
  private func place(_ start: Int64) throws(FFmpegError) {
    let earliest = window.map { sample(at: $0.lowerBound) } ?? (holdsStart ? max(0, start) : 0)
    let origin = position ?? max(0, earliest)
    if position == nil { position = origin }
    let difference = start - (origin + resampler.buffered)
    // Times are coarser than samples in many containers.
    if abs(difference) > Int64(rate) / 20 || resampler.isFresh { try resampler.shift(by: difference) }
  }

  private func sample(at seconds: Double) -> Int64 {
    let ticks = Int64((seconds / av_q2d(base)).rounded()) &+ shift
    return av_rescale_q(ticks, base, AVRational(num: 1, den: rate))
  }

  private func encode(all: Bool) throws(FFmpegError) {
    let size = encoder.pointer.pointee.frame_size > 0 ? Int64(encoder.pointer.pointee.frame_size) : 4096
    while let position {
      let remaining = window.map { sample(at: $0.upperBound) - position } ?? .max
      if remaining <= 0 { return resampler.clear() }
      let count = min(size, remaining, all ? max(1, resampler.buffered) : size)
      guard resampler.buffered >= count else { return }
      let frame = try resampler.pull(count)
      frame.pointer.pointee.pts = position
      self.position = position + count
      while try !encoder.send(frame) { try drain() }
      try drain()
    }
  }

  private func drain() throws(FFmpegError) {
    while try encoder.receive(packet) == .ready {
      packet.pointer.pointee.pts += lead.added
      packet.pointer.pointee.dts += lead.added
      packet.pointer.pointee.stream_index = stream.pointee.index
      av_packet_rescale_ts(packet.pointer, encoder.pointer.pointee.time_base, stream.pointee.time_base)
      try muxer.write(packet)
      packet.unreference()
    }
  }
}

extension FFmpegCodecContext {
  /// Opens a decoder for a stream of sound or subtitles.
  convenience init(decoding stream: UnsafeMutablePointer<AVStream>) throws(FFmpegError) {
    guard let parameters = stream.pointee.codecpar, let codec = avcodec_find_decoder(parameters.pointee.codec_id) else {
      throw FFmpegError(code: FFmpegCode.invalidData)
    }
    try self.init(codec)
    try FFmpegError.check(avcodec_parameters_to_context(pointer, parameters))
    pointer.pointee.pkt_timebase = stream.pointee.time_base
    pointer.pointee.thread_count = 1
    try open()
  }

  /// - Parameter bits: of the source's samples; 0 where that is not known.
  fileprivate convenience init(
    encodingSoundOf decoder: FFmpegCodecContext, bits: Int32, by name: String, needsGlobalHeader: Bool
  ) throws(FFmpegError) {
    let channels = decoder.pointer.pointee.ch_layout.nb_channels
    // Beyond eight no layout tells which to mix into which.
    guard let codec = avcodec_find_encoder_by_name(name), channels <= 8 else {
      throw FFmpegError(code: FFmpegCode.invalidData)
    }
    try self.init(codec)
    if Self.takes(decoder.pointer.pointee.ch_layout, codec) {
      try FFmpegError.check(av_channel_layout_copy(&pointer.pointee.ch_layout, &decoder.pointer.pointee.ch_layout))
    } else {
      av_channel_layout_default(&pointer.pointee.ch_layout, max(1, channels))
    }
    pointer.pointee.sample_fmt = Self.format(codec, bits: bits)
    if bits > 16, pointer.pointee.sample_fmt == AV_SAMPLE_FMT_S32 { pointer.pointee.bits_per_raw_sample = min(24, bits) }
    pointer.pointee.sample_rate = Self.rate(nearest: max(1, decoder.pointer.pointee.sample_rate), of: codec)
    pointer.pointee.time_base = AVRational(num: 1, den: pointer.pointee.sample_rate)
    if codec.pointee.id == AV_CODEC_ID_AAC || codec.pointee.id == AV_CODEC_ID_OPUS {
      pointer.pointee.bit_rate = 96_000 * Int64(max(1, channels))
    }
    pointer.pointee.thread_count = 1
    pointer.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    if needsGlobalHeader { pointer.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
    try open()
  }

  /// Whether an encoder keeps the source's places of channels. FFmpeg's AAC lists none, and takes these.
  private static func takes(_ layout: AVChannelLayout, _ codec: UnsafePointer<AVCodec>) -> Bool {
    guard layout.order == AV_CHANNEL_ORDER_NATIVE else { return false }
    guard var next = codec.pointee.ch_layouts else { return codec.pointee.id != AV_CODEC_ID_OPUS }
    while next.pointee.nb_channels > 0 {
      if next.pointee.order == layout.order, next.pointee.u.mask == layout.u.mask { return true }
      next += 1
    }
    return false
  }

  /// The encoder's first format, and one of more bits where the source has more than 16.
  private static func format(_ codec: UnsafePointer<AVCodec>, bits: Int32) -> AVSampleFormat {
    guard var next = codec.pointee.sample_fmts else { return AV_SAMPLE_FMT_FLTP }
    let first = next.pointee
    while bits > 16, next.pointee != AV_SAMPLE_FMT_NONE {
      if next.pointee == AV_SAMPLE_FMT_S32 { return next.pointee }
      next += 1
    }
    return first
  }

  /// The encoder's smallest rate that loses nothing, or else its largest.
  private static func rate(nearest rate: Int32, of codec: UnsafePointer<AVCodec>) -> Int32 {
    guard var next = codec.pointee.supported_samplerates else { return rate }
    var rates: [Int32] = []
    while next.pointee != 0 {
      rates.append(next.pointee)
      next += 1
    }
    return rates.filter { $0 >= rate }.min() ?? rates.max() ?? rate
  }
}
