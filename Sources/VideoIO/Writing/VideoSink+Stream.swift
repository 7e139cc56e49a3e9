import CFFmpeg
import Imaging

extension VideoShape {
  /// The frames of a clip, after `turn`.
  init(_ info: MediaInfo, _ turn: Orientation) {
    let swaps = turn.swapsSides
    let aspect = info.sampleAspectRatio
    self.init(
      width: swaps ? info.height : info.width, height: swaps ? info.width : info.height,
      format: info.format.turned(by: turn), color: info.color.turned(by: turn), frameRate: info.frameRate,
      sampleAspectRatio: swaps ? Rational(aspect.denominator, aspect.numerator) : aspect,
      isTopFieldFirst: turn == .upright ? info.isTopFieldFirst : nil)
  }
}

extension MediaInfo {
  /// A frame's usual duration in units of the time base.
  var nominalFrameTicks: Int64 {
    guard frameRate.isPositive, timeBase.isPositive else { return 1 }
    return max(1, av_rescale_q(1, av_inv_q(AVRational(frameRate)), AVRational(timeBase)))
  }
}

extension FFmpegMuxer {
  /// Adds the stream of the encoded frames, with the source's rate, shape, turn and time base.
  func addVideo(_ encoder: VideoEncoder, _ source: MediaInfo, _ container: Container, _ turn: Orientation)
    throws(FFmpegError) -> UnsafeMutablePointer<AVStream>
  {
    let stream = try addStream()
    try FFmpegError.check(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context.pointer))
    stream.pointee.codecpar.pointee.codec_tag = container.tag(for: encoder.plan.codec)
    stream.pointee.sample_aspect_ratio = encoder.context.pointer.pointee.sample_aspect_ratio
    if source.frameRate.isPositive {
      stream.pointee.avg_frame_rate = AVRational(source.frameRate)
      stream.pointee.r_frame_rate = AVRational(source.frameRate)
    }
    stream.pointee.time_base = container == .avi ? av_inv_q(AVRational(source.frameRate)) : AVRational(source.timeBase)
    if source.orientation != turn, let data = av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 36) {
      data.withMemoryRebound(to: Int32.self, capacity: 9) { matrix in
        for (index, value) in source.displayMatrix.enumerated() { matrix[index] = value }
      }
    }
    return stream
  }
}

extension MediaInfo {
  /// The orientation as a 3x3 matrix in 16.16 (last column 2.30), row vectors, moved so that no coordinate is negative.
  var displayMatrix: [Int32] {
    let one: Int32 = 1 << 16
    let flip: Int32 = orientation.mirrored ? -1 : 1
    let (w, h) = (Int32(clamping: width) &<< 16, Int32(clamping: height) &<< 16)
    // x' = a x + c y + tx, y' = b x + d y + ty
    let (a, b, c, d, tx, ty): (Int32, Int32, Int32, Int32, Int32, Int32) =
      switch orientation.quarterTurns & 3 {
      case 1: (0, one, -one, 0, h, 0)
      case 2: (-one, 0, 0, -one, w, h)
      case 3: (0, -one, one, 0, 0, w)
      default: (one, 0, 0, one, 0, 0)
      }
    // Mirroring first puts W - x for x.
    let moved = orientation.mirrored ? (tx &+ a &* Int32(clamping: width), ty &+ b &* Int32(clamping: width)) : (tx, ty)
    return [a * flip, b * flip, 0, c, d, 0, moved.0, moved.1, 1 << 30]
  }
}

extension Container {
  /// 0 leaves the choice to the muxer. Apple's players want `hvc1` for H.265.
  fileprivate func tag(for codec: EncodeSettings.Codec) -> UInt32 {
    guard codec == .h265, self == .mp4 || self == .mov else { return 0 }
    return [UInt8]("hvc1".utf8).enumerated().reduce(0) { $0 | UInt32($1.element) << (8 * UInt32($1.offset)) }
  }

  func headerOptions(_ source: MediaInfo) -> FFmpegDictionary {
    let options = FFmpegDictionary()
    guard self == .mp4 || self == .mov else { return options }
    options["movflags"] = "+faststart+write_colr"
    // Edit lists count in the movie's time scale: with the video's they are exact.
    var scale = source.timeBase.denominator
    while scale > 0, scale < 1000 { scale *= 2 }
    if (1...Int(Int32.max)).contains(scale) { options["movie_timescale"] = "\(scale)" }
    return options
  }
}
