import CFFmpeg
import CFFmpegShims
import Imaging

/// Encodes frames that are numbered from 0; packets come out with frame numbers as timestamps.
///
/// The encoder counts frames, not seconds: variable rates and odd time bases do not reach it. Its threads are fixed,
/// so that the bytes do not depend on the machine.
final class VideoEncoder {
  static let threads: Int32 = 4

  let plan: EncoderPlan
  let context: FFmpegCodecContext
  private let feed: PictureFeed
  private let packet: FFmpegPacket
  private var frames: Int64 = 0
  /// Which field comes first in what is encoded; nil where fields are not told apart.
  let isTopFieldFirst: Bool?

  /// - Parameters:
  ///   - needsGlobalHeader: whether the container keeps the codec's header apart.
  ///   - allowsReordering: false where the container has no presentation timestamps.
  init(
    _ plan: EncoderPlan, source: VideoShape, settings: EncodeSettings, needsGlobalHeader: Bool, allowsReordering: Bool
  ) throws(FFmpegError) {
    self.plan = plan
    FFmpegLog.capture()
    isTopFieldFirst = plan.codec.keepsFields(height: source.height) ? source.isTopFieldFirst : nil
    feed = try PictureFeed(
      width: source.width, height: source.height, from: source.format, source.color, to: plan.pixelFormat, plan.color)
    packet = try FFmpegPacket()
    context = try FFmpegCodecContext(plan.encoder)
    context.configure(plan, source, isTopFieldFirst: isTopFieldFirst)
    if needsGlobalHeader { context.pointer.pointee.flags |= AV_CODEC_FLAG_GLOBAL_HEADER }
    if !allowsReordering { context.pointer.pointee.max_b_frames = 0 }
    let lookAhead = EncodeSettings.lookAhead(width: source.width, height: source.height)
    try context.open(plan.codec.options(settings, lookAhead: lookAhead))
  }

  func encode(_ frame: Frame, _ take: (FFmpegPacket) throws -> Void) throws {
    let picture = try feed.picture(frame)
    plan.color.apply(to: picture)
    if let isTopFieldFirst { cff_set_interlaced(picture.pointer, isTopFieldFirst ? 1 : 0) }
    picture.pointer.pointee.pts = frames
    picture.pointer.pointee.pkt_duration = 1
    picture.pointer.pointee.sample_aspect_ratio = context.pointer.pointee.sample_aspect_ratio
    frames += 1
    while try !context.send(picture) { try drain(take) }
    try drain(take)
  }

  func finish(_ take: (FFmpegPacket) throws -> Void) throws {
    while try !context.send(Optional<FFmpegFrame>.none) { try drain(take) }
    try drain(take)
  }

  private func drain(_ take: (FFmpegPacket) throws -> Void) throws {
    while case .ready = try context.receive(packet) {
      try take(packet)
      packet.unreference()
    }
  }
}

/// What an encoder must know of the frames before the first comes.
struct VideoShape {
  var width: Int
  var height: Int
  var format: PixelFormat
  var color: ColorDescription
  var frameRate: Rational
  var sampleAspectRatio: Rational
  /// nil where the frames are not interlaced.
  var isTopFieldFirst: Bool?
}

extension EncodeSettings.Codec {
  /// Whether it keeps the two fields of interlaced frames apart, in pictures of that height.
  fileprivate func keepsFields(height: Int) -> Bool {
    switch self {
    // x264 codes the fields of 4:2:0 in pairs of chroma rows.
    case .h264: height % 4 == 0
    case .ffv1, .prores4444: true
    case .h265, .vp9, .png: false
    }
  }
}

extension FFmpegCodecContext {
  fileprivate func configure(_ plan: EncoderPlan, _ shape: VideoShape, isTopFieldFirst: Bool?) {
    let rate = shape.frameRate.isPositive ? shape.frameRate : Rational(25, 1)
    pointer.pointee.width = Int32(clamping: shape.width)
    pointer.pointee.height = Int32(clamping: shape.height)
    pointer.pointee.pix_fmt = plan.pixelFormat
    pointer.pointee.time_base = AVRational(num: Int32(clamping: rate.denominator), den: Int32(clamping: rate.numerator))
    pointer.pointee.framerate = AVRational(rate)
    pointer.pointee.sample_aspect_ratio = AVRational(shape.sampleAspectRatio)
    pointer.pointee.thread_count = VideoEncoder.threads
    pointer.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    plan.color.apply(to: self)
    if let isTopFieldFirst {
      pointer.pointee.field_order = isTopFieldFirst ? AV_FIELD_TT : AV_FIELD_BB
      if plan.codec != .ffv1 { pointer.pointee.flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME }
    }
    switch plan.codec {
    case .ffv1:
      // Version 3 cuts the picture into four slices at least, which a small one does not have.
      let isSmall = shape.width < 32 || shape.height < 32
      pointer.pointee.level = isSmall ? 1 : 3
      pointer.pointee.gop_size = 1
      if isSmall { pointer.pointee.thread_count = 1 }
    case .prores4444, .png:
      pointer.pointee.thread_type = FF_THREAD_SLICE
    case .h264, .h265, .vp9:
      break
    }
  }
}

extension EncodeSettings.Codec {
  /// The encoder's private options.
  fileprivate func options(_ settings: EncodeSettings, lookAhead: Int) -> FFmpegDictionary {
    let preset = settings.preset ?? "medium"
    // Of pictures up to full HD each preset looks as far ahead as it likes.
    let limit = { (usual: Int) in lookAhead < usual ? ":rc-lookahead=\(lookAhead)" : "" }
    switch self {
    case .h264:
      // x264 picks some algorithms by CPU unless told not to.
      return FFmpegDictionary([
        "preset": preset, "crf": "\(settings.quality ?? 16)", "x264-params": "cpu-independent=1" + limit(40),
      ])
    case .h265:
      // Without a pool x265's decisions do not depend on the number of cores.
      return FFmpegDictionary([
        "preset": preset, "crf": "\(settings.quality ?? 18)",
        "x265-params": "pools=none:frame-threads=4:log-level=error" + limit(20),
      ])
    case .vp9:
      return FFmpegDictionary([
        "deadline": "good", "cpu-used": "\(Self.speed(of: preset))", "crf": "\(settings.quality ?? 24)", "b": "0",
        "row-mt": "0", "tile-columns": "2", "lag-in-frames": "\(min(25, lookAhead))",
      ])
    case .ffv1: return FFmpegDictionary()
    case .prores4444: return FFmpegDictionary(["profile": "4444", "vendor": "apl0"])
    case .png: return FFmpegDictionary()
    }
  }

  private static func speed(of preset: String) -> Int {
    switch preset {
    case "ultrafast", "superfast", "veryfast": 5
    case "faster", "fast": 4
    case "slow": 1
    case "slower", "veryslow", "placebo": 0
    default: 2
    }
  }
}

extension AVRational {
  init(_ rational: Rational) {
    self.init(num: Int32(clamping: rational.numerator), den: Int32(clamping: rational.denominator))
  }
}

extension Rational {
  var isPositive: Bool { numerator > 0 && denominator > 0 }
}
