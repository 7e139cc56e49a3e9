import CFFmpeg

/// What the FFmpeg that this program runs with can do.
public struct FFmpegCapabilities: Sendable, Codable, Equatable {
  /// A codec by the name users know, and FFmpeg's coders for it that are there; none where it cannot be done.
  public struct Coder: Sendable, Codable, Equatable {
    public var codec: String
    public var coders: [String]
  }

  /// FFmpeg's release, such as 5.1.6.
  public var release: String
  /// Library versions at run time, by name.
  public var libraries: [String: String]
  public var decoders: [Coder]
  public var encoders: [Coder]

  /// Asks the libraries that are loaded.
  public static var current: FFmpegCapabilities {
    FFmpegCapabilities(
      release: String(cString: av_version_info()),
      libraries: [
        "libavcodec": text(avcodec_version()), "libavformat": text(avformat_version()),
        "libavutil": text(avutil_version()), "libswresample": text(swresample_version()),
        "libswscale": text(swscale_version()),
      ],
      decoders: readable.map { codec, names in
        Coder(codec: codec, coders: names.filter { avcodec_find_decoder_by_name($0) != nil })
      },
      encoders: writable.map { codec, names in
        Coder(codec: codec, coders: names.filter { avcodec_find_encoder_by_name($0) != nil })
      })
  }

  private static func text(_ version: UInt32) -> String { "\(version >> 16).\(version >> 8 & 0xFF).\(version & 0xFF)" }

  private static let readable = [
    ("H.264", ["h264"]), ("H.265", ["hevc"]), ("VP8", ["vp8", "libvpx"]), ("VP9", ["vp9", "libvpx-vp9"]),
    ("AV1", ["libdav1d", "libaom-av1", "av1"]), ("MPEG-2", ["mpeg2video"]), ("MPEG-4", ["mpeg4"]),
    ("ProRes", ["prores"]), ("DNxHD", ["dnxhd"]), ("FFV1", ["ffv1"]), ("JPEG", ["mjpeg"]), ("PNG", ["png"]),
    ("TIFF", ["tiff"]), ("WebP", ["webp"]), ("GIF", ["gif"]),
  ]

  private static let writable = [
    ("H.264", ["libx264"]), ("H.265", ["libx265"]), ("VP9", ["libvpx-vp9"]), ("FFV1", ["ffv1"]),
    ("ProRes", ["prores_ks"]), ("PNG", ["png"]), ("AAC", ["aac"]), ("Opus", ["libopus"]), ("FLAC", ["flac"]),
  ]
}
