import CFFmpeg
import Imaging

/// Which encoder takes the frames, and in which format.
///
/// H.264 and H.265 keep 4:2:0, 4:2:2, 4:4:4 and grey, up to 10 and 12 bits. RGB becomes 4:2:0, which every player
/// shows; FFV1 keeps it. Their cropping counts in chroma samples, so an odd size goes to 4:4:4.
struct EncoderPlan {
  let codec: EncodeSettings.Codec
  let encoder: UnsafePointer<AVCodec>
  let pixelFormat: AVPixelFormat
  /// What the encoded samples mean.
  let color: ColorDescription
  let warnings: [String]

  /// - Throws: `VideoIOError.unsupported` where this FFmpeg lacks the encoder.
  init(
    _ codec: EncodeSettings.Codec, source: PixelFormat, width: Int, height: Int, color: ColorDescription, path: String
  ) throws(VideoIOError) {
    guard let encoder = avcodec_find_encoder_by_name(codec.encoderName) else {
      throw VideoIOError(
        .unsupported, file: path, "this FFmpeg has no encoder \(codec.encoderName) for \(codec.rawValue)")
    }
    // x265's look-ahead writes past its buffers in pictures smaller than a block.
    if codec == .h265, width < 64 || height < 64 {
      throw VideoIOError(
        .unsupported, file: path, "H.265 takes no frames below 64x64, and these are \(width)x\(height)")
    }
    let supported = Self.formats(of: encoder)
    let wanted = codec.stored(source, width: width, height: height)
    guard let (name, stored) = Self.firstSupported(wanted, codec, supported) else {
      throw VideoIOError(.unsupported, file: path, "\(codec.rawValue) cannot hold \(source.summary)")
    }
    self.codec = codec
    self.encoder = encoder
    pixelFormat = name
    self.color = Self.converted(color, from: source, to: stored, width: width, height: height)
    warnings = Self.warnings(codec, from: source, to: stored)
  }

  private static func formats(of encoder: UnsafePointer<AVCodec>) -> [AVPixelFormat] {
    guard var next = encoder.pointee.pix_fmts else { return [] }
    var formats: [AVPixelFormat] = []
    while next.pointee != AV_PIX_FMT_NONE {
      formats.append(next.pointee)
      next += 1
    }
    return formats
  }

  /// The wanted format, or else one of more bits, or else one of fewer.
  private static func firstSupported(
    _ wanted: PixelFormat, _ codec: EncodeSettings.Codec, _ supported: [AVPixelFormat]
  ) -> (AVPixelFormat, PixelFormat)? {
    let depths = Array(wanted.bitDepth...16) + (8..<wanted.bitDepth).reversed()
    for hasAlpha in Set([wanted.hasAlpha, false]).sorted(by: { $0 && !$1 }) {
      for depth in depths {
        let format = PixelFormat(wanted.layout, bitDepth: depth, hasAlpha: hasAlpha)
        for name in codec.names(for: format) where supported.contains(name) { return (name, format) }
      }
    }
    return nil
  }

  private static func converted(
    _ color: ColorDescription, from source: PixelFormat, to stored: PixelFormat, width: Int, height: Int
  ) -> ColorDescription {
    var color = color
    guard source.layout != stored.layout else { return color }
    if stored.layout == .rgb {
      color.range = .full
      color.matrixCode = 0
      color.siting = nil
    } else if source.layout == .rgb || source.layout == .grey {
      color.range = .limited
      color.matrixCode = ColorDescription.unspecified.resolvedMatrix(width: width, height: height) == .bt709 ? 1 : 6
      color.siting = stored.layout == .yuv444 ? nil : .left
    }
    return color
  }

  private static func warnings(
    _ codec: EncodeSettings.Codec, from source: PixelFormat, to stored: PixelFormat
  ) -> [String] {
    var warnings: [String] = []
    if source.hasAlpha, !stored.hasAlpha {
      warnings.append("\(codec.rawValue) holds no alpha: it is left out (prores4444, ffv1 and png hold it)")
    }
    let isChanged = source.layout != stored.layout || source.bitDepth > stored.bitDepth
    if isChanged, codec != .prores4444, codec != .png {
      warnings.append("\(source.summary) is written as \(stored.summary): \(codec.rawValue) here takes nothing nearer")
    }
    return warnings
  }
}

extension PixelFormat {
  /// For messages: "10-bit yuv422".
  var summary: String { "\(bitDepth)-bit \(layout.rawValue)" + (hasAlpha ? " with alpha" : "") }
}

extension EncodeSettings.Codec {
  var encoderName: String {
    switch self {
    case .h264: "libx264"
    case .h265: "libx265"
    case .vp9: "libvpx-vp9"
    case .ffv1: "ffv1"
    case .prores4444: "prores_ks"
    case .png: "png"
    }
  }

  /// The format nearest to the source's that players of this codec take.
  func stored(_ source: PixelFormat, width: Int, height: Int) -> PixelFormat {
    var stored = source
    switch self {
    case .h264, .h265:
      stored.hasAlpha = false
      stored.bitDepth = min(source.bitDepth, self == .h264 ? 10 : 12)
      if source.layout == .rgb { stored.layout = .yuv420 }
      let shift = stored.chromaShift
      if width & shift.x != 0 || height & shift.y != 0 { stored.layout = .yuv444 }
    case .vp9:
      stored.hasAlpha = false
      stored.bitDepth = min(source.bitDepth, 12)
      if source.layout == .rgb || source.layout == .grey { stored.layout = .yuv420 }
    case .prores4444:
      stored = PixelFormat(.yuv444, bitDepth: 10, hasAlpha: source.hasAlpha)
    case .png:
      stored.bitDepth = source.bitDepth == 8 ? 8 : 16
      if source.layout != .grey { stored.layout = .rgb }
    case .ffv1:
      break
    }
    return stored
  }

  /// FFmpeg's names for a format, those that hold it without loss.
  func names(for format: PixelFormat) -> [AVPixelFormat] {
    let interleaved: [AVPixelFormat]
    switch (format.layout, format.bitDepth, format.hasAlpha) {
    case (.rgb, 8, false): interleaved = [AV_PIX_FMT_RGB24, AV_PIX_FMT_BGR0]
    case (.rgb, 8, true): interleaved = [AV_PIX_FMT_RGBA, AV_PIX_FMT_BGRA]
    case (.rgb, 16, false): interleaved = [AV_PIX_FMT_RGB48BE, AV_PIX_FMT_RGB48LE]
    case (.rgb, 16, true): interleaved = [AV_PIX_FMT_RGBA64BE, AV_PIX_FMT_RGBA64LE]
    case (.grey, 16, false): interleaved = [AV_PIX_FMT_GRAY16BE]
    case (.grey, 16, true): interleaved = [AV_PIX_FMT_YA16BE]
    default: interleaved = []
    }
    return (format.ffmpegFormat.map { [$0] } ?? []) + interleaved
  }
}
