import CFFmpeg

/// A kind of file that video is written to.
enum Container: String, CaseIterable {
  case mp4, mov, matroska, webm, avi, mpegts

  /// By a path's extension.
  /// - Throws: `VideoIOError.badRequest` for an extension that is not known.
  init(path: String) throws(VideoIOError) {
    let name = StagedPath.split(path).name
    let suffix = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
    switch suffix {
    case "mp4", "m4v": self = .mp4
    case "mov", "qt": self = .mov
    case "mkv": self = .matroska
    case "webm": self = .webm
    case "avi": self = .avi
    case "ts", "mts", "m2ts": self = .mpegts
    default:
      let what = suffix.isEmpty ? "no extension" : "the unknown extension .\(suffix)"
      throw VideoIOError(
        .badRequest, file: path,
        "the output has \(what): use .mp4, .mov, .mkv, .webm, .avi or .ts, or end the path in / for a folder of PNG")
    }
  }

  var defaultCodec: EncodeSettings.Codec { self == .webm ? .vp9 : .h264 }

  /// Which video codecs players expect in it.
  func holds(_ codec: EncodeSettings.Codec) -> Bool {
    switch self {
    case .matroska: true
    case .mp4: codec == .h264 || codec == .h265 || codec == .vp9
    case .mov: codec == .h264 || codec == .h265 || codec == .prores4444 || codec == .png
    case .webm: codec == .vp9
    case .avi: codec == .h264 || codec == .ffv1 || codec == .png
    case .mpegts: codec == .h264 || codec == .h265
    }
  }

  /// The extension of a container that holds `codec`.
  static func suggestion(for codec: EncodeSettings.Codec) -> String {
    switch codec {
    case .h264, .h265: ".mp4, .mov or .mkv"
    case .vp9: ".webm or .mkv"
    case .ffv1: ".mkv"
    case .prores4444, .png: ".mov or .mkv"
    }
  }

  /// Whether packets carry presentation times of their own, so that frames may be coded out of order.
  var hasPresentationTimes: Bool { self != .avi }

  /// Whether a turn or mirroring of the picture can be written down instead of being carried out.
  var holdsOrientation: Bool { self == .mp4 || self == .mov }

  /// Whether a stream may begin before 0, the start being skipped by the player.
  var holdsNegativeTimes: Bool { self == .mp4 || self == .mov }

  /// FFmpeg's name of the encoder for sound that cannot be copied.
  var audioEncoder: String {
    switch self {
    case .mp4, .mov, .mpegts: "aac"
    case .webm: "libopus"
    case .matroska: "flac"
    case .avi: "pcm_s16le"
    }
  }

  /// FFmpeg's name of the encoder for text subtitles that cannot be copied; nil where it holds none.
  var subtitleEncoder: String? {
    switch self {
    case .mp4, .mov: "mov_text"
    case .matroska: "srt"
    case .webm: "webvtt"
    case .avi, .mpegts: nil
    }
  }
}
