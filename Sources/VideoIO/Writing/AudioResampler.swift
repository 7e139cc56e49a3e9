import CFFmpeg

/// Owns libswresample's context and a queue of converted samples.
final class AudioResampler {
  private var context: OpaquePointer?
  private let queue: OpaquePointer
  private let format: AVSampleFormat
  private let channels: Int32
  private let rates: (from: Int32, to: Int32)
  /// Converted samples to drop before any is kept.
  private var pendingDrop: Int64 = 0
  /// Whether no sample has come yet.
  private(set) var isFresh = true

  init(from decoder: FFmpegCodecContext, to encoder: FFmpegCodecContext) throws(FFmpegError) {
    let (source, target) = (decoder.pointer, encoder.pointer)
    rates = (max(1, source.pointee.sample_rate), target.pointee.sample_rate)
    format = target.pointee.sample_fmt
    channels = target.pointee.ch_layout.nb_channels
    if source.pointee.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC {
      av_channel_layout_default(&source.pointee.ch_layout, source.pointee.ch_layout.nb_channels)
    }
    guard let queue = av_audio_fifo_alloc(format, channels, 4096) else {
      throw FFmpegError(code: FFmpegCode.outOfMemory)
    }
    self.queue = queue
    try FFmpegError.check(
      swr_alloc_set_opts2(
        &context, &target.pointee.ch_layout, format, rates.to, &source.pointee.ch_layout, source.pointee.sample_fmt,
        rates.from, 0, nil))
    try FFmpegError.check(swr_init(context))
  }

  deinit {
    swr_free(&context)
    av_audio_fifo_free(queue)
  }

  /// Samples that wait, each of all channels.
  var buffered: Int64 { Int64(av_audio_fifo_size(queue)) - pendingDrop }

  func push(_ frame: FFmpegFrame) throws(FFmpegError) {
    isFresh = false
    let capacity = swr_get_out_samples(context, frame.pointer.pointee.nb_samples) + 16
    let converted = try Self.frame(format, channels, capacity, rates.to)
    let count = withUnsafeMutablePointer(to: &frame.pointer.pointee.extended_data.pointee) { source in
      source.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: Int(AV_NUM_DATA_POINTERS)) {
        swr_convert(context, converted.pointer.pointee.extended_data, capacity, $0, frame.pointer.pointee.nb_samples)
      }
    }
    try append(converted, try FFmpegError.check(count))
  }

  /// Silence for a positive number of samples; for a negative one, as many of the next samples are dropped.
  func shift(by samples: Int64) throws(FFmpegError) {
    isFresh = false
    if samples < 0 {
      pendingDrop -= samples
      return
    }
    var rest = min(samples, Int64(rates.to) * 3600)
    while rest > 0 {
      let count = Int32(min(rest, 65536))
      let silence = try Self.frame(format, channels, count, rates.to)
      av_samples_set_silence(silence.pointer.pointee.extended_data, 0, count, channels, format)
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
    let frame = try Self.frame(format, channels, Int32(count), rates.to)
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

  private static func frame(_ format: AVSampleFormat, _ channels: Int32, _ count: Int32, _ rate: Int32)
    throws(FFmpegError) -> FFmpegFrame
  {
    let frame = try FFmpegFrame()
    frame.pointer.pointee.format = format.rawValue
    frame.pointer.pointee.nb_samples = count
    frame.pointer.pointee.sample_rate = rate
    av_channel_layout_default(&frame.pointer.pointee.ch_layout, channels)
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
