import CFFmpeg

/// What is remembered of a video packet: enough to order it, and to know it again after a seek.
struct PacketRecord {
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// Decoding may begin here.
    static let key = Traits(rawValue: 1)
    /// Decoded, but not shown: cut off by an edit list, or a hidden reference frame.
    static let hidden = Traits(rawValue: 2)
    /// Without content: the frame before stays on the screen.
    static let empty = Traits(rawValue: 4)
    /// The container says that the packet is damaged or incomplete.
    static let damaged = Traits(rawValue: 8)
  }

  let presentation: Int64
  let decoding: Int64
  let duration: Int64
  let size: Int32
  /// FNV-1a over the first and last bytes.
  let fingerprint: UInt32
  let traits: Traits
  /// What is added to the times of what follows a splice, so that they go on rising.
  var splice: Int64 = 0

  init(_ packet: FFmpegPacket, codec: AVCodecID, isFirst: Bool) {
    let source = packet.pointer.pointee
    presentation = source.pts
    decoding = source.dts
    duration = source.duration
    size = source.size
    let bytes = UnsafeBufferPointer(start: source.data, count: source.data == nil ? 0 : Int(max(0, source.size)))
    fingerprint = Self.fingerprint(bytes)
    var traits: Traits = []
    if source.flags & AV_PKT_FLAG_KEY != 0 { traits.insert(.key) }
    if source.flags & AV_PKT_FLAG_DISCARD != 0 { traits.insert(.hidden) }
    if source.flags & AV_PKT_FLAG_CORRUPT != 0 { traits.insert(.damaged) }
    if bytes.isEmpty { traits.insert(.empty) }
    // VP8 stores its hidden frames as packets of their own: bit 4 of the first byte is "show".
    if codec == AV_CODEC_ID_VP8, let first = bytes.first, first & 0x10 == 0 { traits.insert(.hidden) }
    // Each picture of these is painted over the one before, whatever the container's flags say.
    if codec == AV_CODEC_ID_GIF || codec == AV_CODEC_ID_APNG, !isFirst { traits.remove(.key) }
    self.traits = traits
  }

  func isSame(as other: PacketRecord) -> Bool {
    presentation == other.presentation && decoding == other.decoding && size == other.size
      && fingerprint == other.fingerprint
  }

  private static func fingerprint(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for byte in bytes.prefix(64) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    for byte in bytes.suffix(64) { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return hash
  }
}
