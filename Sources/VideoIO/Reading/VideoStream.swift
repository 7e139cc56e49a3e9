import CFFmpeg
import CFFmpegShims
import Imaging

/// How to open a file's video stream again and again: each time the packets come in the same order.
struct VideoStream {
  let file: InputFile
  let limits: MediaLimits
  let stream: Int

  /// H.264 and its successors hold back no more frames than these.
  private static let deepestOrder = 16

  func demuxer() throws(VideoIOError) -> Demuxer {
    let demuxer = try Demuxer(file, limits: limits)
    guard stream < demuxer.streams.count else {
      throw VideoIOError(.badData, file: file.path, stream: stream, "the stream is not found a second time")
    }
    demuxer.select(stream: stream)
    return demuxer
  }

  func packet() throws(VideoIOError) -> FFmpegPacket {
    do throws(FFmpegError) {
      return try FFmpegPacket()
    } catch {
      throw VideoIOError(.internalFault, file: file.path, "no memory for a packet", error)
    }
  }

  /// A decoder that gives the same bytes on every machine and notices damage.
  func decoder(_ demuxer: Demuxer, threads: Int, reorderDepth: Int) throws(VideoIOError) -> FFmpegCodecContext {
    let source = demuxer.streams[stream]
    let parameters = source.pointee.codecpar!
    let name = String(cString: avcodec_get_name(parameters.pointee.codec_id))
    guard let codec = Self.codec(source) else {
      throw VideoIOError(.unsupported, file: file.path, stream: stream, "this build of FFmpeg cannot decode \(name)")
    }
    do throws(FFmpegError) {
      let context = try FFmpegCodecContext(codec)
      try FFmpegError.check(avcodec_parameters_to_context(context.pointer, parameters))
      context.pointer.pointee.thread_count = Int32(clamping: max(1, threads))
      context.pointer.pointee.flags |= AV_CODEC_FLAG_BITEXACT
      context.pointer.pointee.err_recognition = Self.strictness(parameters.pointee.codec_id)
      context.pointer.pointee.max_pixels = limits.decoderPixels
      // Times that make no sense look like a deeper order than any codec has, and more aborts the decoder.
      let depth = Int32(clamping: min(reorderDepth, VideoStream.deepestOrder))
      context.pointer.pointee.has_b_frames = max(context.pointer.pointee.has_b_frames, depth)
      cff_use_clean_buffers(context.pointer)
      try context.open()
      return context
    } catch {
      throw VideoIOError(.badData, file: file.path, stream: stream, "the \(name) decoder does not take it", error)
    }
  }

  /// These decoders show half a picture without a word unless every fault is an error; others patch up and tell.
  private static func strictness(_ codec: AVCodecID) -> Int32 {
    let silent = [AV_CODEC_ID_MJPEG, AV_CODEC_ID_PNG, AV_CODEC_ID_APNG, AV_CODEC_ID_FFV1]
    return silent.contains(codec) ? AV_EF_CRCCHECK | AV_EF_EXPLODE : AV_EF_CRCCHECK
  }

  private static func codec(_ stream: UnsafeMutablePointer<AVStream>) -> UnsafePointer<AVCodec>? {
    let id = stream.pointee.codecpar.pointee.codec_id
    // FFmpeg's own VP8 and VP9 decoders leave the alpha of WebM aside.
    let hasAlpha = FFmpegDictionary.value(of: "alpha_mode", in: stream.pointee.metadata) == "1"
    if hasAlpha, id == AV_CODEC_ID_VP8 || id == AV_CODEC_ID_VP9 {
      let codec = avcodec_find_decoder_by_name(id == AV_CODEC_ID_VP8 ? "libvpx" : "libvpx-vp9")
      if let codec { return codec }
    }
    return avcodec_find_decoder(id)
  }
}

extension MediaLimits {
  /// What a decoder is held to: more than the limit itself, since it counts its padding. With more than 32 bits, which FFmpeg's
  /// option does not hold, no decoder would open.
  var decoderPixels: Int64 { Int64(min(min(max(pixels, 0), 1 << 40) * 2 + 1 << 18, Int(Int32.max))) }

  /// - Throws: `.overLimit` where a frame has too many pixels.
  func checkPixels(_ width: Int, _ height: Int, file: String, stream: Int? = nil) throws(VideoIOError) {
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard overflow || count > pixels else { return }
    throw VideoIOError(
      .overLimit, file: file, stream: stream,
      "frames of \(width)x\(height) are more than \(pixels) pixels; raise --max-pixels to read it")
  }
}
