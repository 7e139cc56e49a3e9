/// How frames are to be encoded.
public struct EncodeSettings: Sendable, Equatable, Codable {
  public enum Codec: String, Sendable, Codable, CaseIterable {
    case h264, h265, vp9, ffv1, prores4444, png
  }

  /// nil: by the container. MP4, MOV, MKV, AVI and MPEG-TS get H.264, WebM VP9, a folder PNG.
  public var codec: Codec?
  /// Constant rate factor, lower is better: 0…51 for H.264 (16 where not said) and H.265 (18), 0…63 for VP9 (24).
  /// The other codecs take none.
  public var quality: Int?
  /// x264's and x265's name for how long to search, `ultrafast`…`veryslow`; nil: `medium`. VP9 follows.
  public var preset: String?

  public init(codec: Codec? = nil, quality: Int? = nil, preset: String? = nil) {
    self.codec = codec
    self.quality = quality
    self.preset = preset
  }

  /// The most frames that an encoder looks ahead: 40, and fewer of pictures larger than full HD, so that these are not held
  /// by the gigabyte.
  static func lookAhead(width: Int, height: Int) -> Int {
    max(10, min(40, 40 * 1920 * 1088 / max(1, width * height)))
  }
}
