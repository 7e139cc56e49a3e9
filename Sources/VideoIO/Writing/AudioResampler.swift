import CFFmpeg

/// Owns libswresample's context and a queue of converted samples.
///
/// What comes in is known by each frame alone: before the first many decoders do not tell, and broadcasts change it on the way.
final class AudioResampler {
  private struct Form: Equatable {
    var format: AVSampleFormat
    var rate: Int32
    var channels: Int32
    /// Which channels these are, where the source says.
    var places: UInt64

    init?(_ frame: UnsafeMutablePointer<AVFrame>) {
      let layout = frame.pointee.ch_layout
      (format, rate) = (AVSampleFormat(frame.pointee.format), frame.pointee.sample_rate)
      (channels, places) = (layout.nb_channels, layout.order == AV_CHANNEL_ORDER_NATIVE ? layout.u.mask : 0)
      guard av_get_bytes_per_sample(format) > 0, rate > 0, channels > 0 else { return nil }
    }
  }

  private var context: OpaquePointer?
  private var form: Form?
  private let queue: OpaquePointer
  private let format: AVSampleFormat
  /// Of the encoder; which channels these are.
  private var layout = AVChannelLayout()
  private let rate: Int32
  /// Converted samples to drop before any is kept.
  private var pendingDrop: Int64 = 0
  /// Whether no sample has come yet.
  private(set) var isFresh = true

  init(to encoder: FFmpegCodecContext) throws(FFmpegError) {
    rate = encoder.pointer.pointee.sample_rate
    format = encoder.pointer.pointee.sample_fmt
    let channels = encoder.pointer.pointee.ch_layout.nb_channels
    guard let queue = av_audio_fifo_alloc(format, channels, 4096) else {
      throw FFmpegError(code: FFmpegCode.outOfMemory)
    }
    self.queue = queue
    try FFmpegError.check(av_channel_layout_copy(&layout, &encoder.pointer.pointee.ch_layout))
  }

  deinit {
    swr_free(&context)
    av_audio_fifo_free(queue)
    av_channel_layout_uninit(&layout)
  }

  /// Samples that wait, each of all channels.
  var buffered: Int64 { Int64(av_audio_fifo_size(queue)) - pendingDrop }

  /// A frame that says neither format nor rate nor channels is a gap.
  func push(_ frame: FFmpegFrame) throws(FFmpegError) {
    guard let next = Form(frame.pointer) else { return }
    isFresh = false
    if next != form { try configure(for: frame, next) }
    let capacity = swr_get_out_samples(context, frame.pointer.pointee.nb_samples) + 16
    let converted = try self.frame(capacity)
    let count = withUnsafeMutablePointer(to: &frame.pointer.pointee.extended_data.pointee) { source in
      source.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: Int(AV_NUM_DATA_POINTERS)) {
        swr_convert(context, converted.pointer.pointee.extended_data, capacity, $0, frame.pointer.pointee.nb_samples)
      }
    }
    try append(converted, try FFmpegError.check(count))
  }

  private func configure(for frame: FFmpegFrame, _ next: Form) throws(FFmpegError) {
    try flush()
    form = nil
    swr_free(&context)
    var source = AVChannelLayout()
    defer { av_channel_layout_uninit(&source) }
    if next.places == 0 {
      av_channel_layout_default(&source, next.channels)
    } else {
      try FFmpegError.check(av_channel_layout_copy(&source, &frame.pointer.pointee.ch_layout))
    }
    try FFmpegError.check(
      swr_alloc_set_opts2(&context, &layout, format, rate, &source, next.format, next.rate, 0, nil))
    try FFmpegError.check(swr_init(context))
    form = next
  }

  /// Takes over what the converter holds back.
  private func flush() throws(FFmpegError) {
    guard form != nil else { return }
    let capacity = swr_get_out_samples(context, 0)
    guard capacity > 0 else { return }
    let rest = try frame(capacity)
    let count = swr_convert(context, rest.pointer.pointee.extended_data, capacity, nil, 0)
    try append(rest, try FFmpegError.check(count))
  }

  /// Silence for a positive number of samples; for a negative one, as many of the next samples are dropped.
  func shift(by samples: Int64) throws(FFmpegError) {
    isFresh = false
    if samples < 0 {
      pendingDrop -= samples
      return
    }
    var rest = min(samples, Int64(rate) * 3600)
    while rest > 0 {
      let count = Int32(min(rest, 65536))
      let silence = try frame(count)
      av_samples_set_silence(silence.pointer.pointee.extended_data, 0, count, layout.nb_channels, format)
      try append(silence, count)
      rest -= Int64(count)
    }
  }

  /// Forgets the samples that wait.
  func clear() {
    av_audio_fifo_reset(queue)
    pendingDrop = 0
  }

  /// - Parameter count: at most `buffered`.
  func pull(_ count: Int64) throws(FFmpegError) -> FFmpegFrame {
    let frame = try frame(Int32(count))
    try FFmpegError.check(frame.withData { av_audio_fifo_read(queue, $0, Int32(count)) })
    return frame
  }

  private func append(_ frame: FFmpegFrame, _ count: Int32) throws(FFmpegError) {
    try FFmpegError.check(frame.withData { av_audio_fifo_write(queue, $0, count) })
    guard pendingDrop > 0 else { return }
    let dropped = min(pendingDrop, Int64(av_audio_fifo_size(queue)))
    av_audio_fifo_drain(queue, Int32(dropped))
    pendingDrop -= dropped
  }

  private func frame(_ count: Int32) throws(FFmpegError) -> FFmpegFrame {
    let frame = try FFmpegFrame()
    frame.pointer.pointee.format = format.rawValue
    frame.pointer.pointee.nb_samples = count
    frame.pointer.pointee.sample_rate = rate
    try FFmpegError.check(av_channel_layout_copy(&frame.pointer.pointee.ch_layout, &layout))
    try FFmpegError.check(av_frame_get_buffer(frame.pointer, 0))
    return frame
  }
}

extension FFmpegFrame {
  fileprivate func withData(_ body: (UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Int32) -> Int32 {
    guard let planes = pointer.pointee.extended_data else { return FFmpegCode.invalidData }
    return UnsafeMutableRawPointer(planes)
      .withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: Int(AV_NUM_DATA_POINTERS), body)
  }
}
