import CFFmpeg

/// Counts the times of one stream over the places where its file was joined, as the video's are counted.
struct SplicedClock {
  private let splices: [MediaInfo.Splice]
  private var passed = 0
  private var last: Int64?

  init(_ splices: [MediaInfo.Splice]) { self.splices = splices }

  /// - Parameter base: of the packet's stream.
  mutating func correct(_ packet: FFmpegPacket, _ base: AVRational) {
    guard let raw = packet.time else { return }
    let fallen = last.map { Double($0 &- raw) * av_q2d(base) > MediaInfo.Splice.leap } ?? false
    last = raw
    // Sound lies a little before or after its picture in the file: its own clock tells, and the place where it was missing.
    if fallen, passed < splices.count { passed += 1 }
    let position = Int(packet.pointer.pointee.pos)
    while passed < splices.count, position > splices[passed].position + Self.reach { passed += 1 }
    guard passed > 0 else { return }
    let offset = Int64(max(-9e18, min(9e18, (splices[passed - 1].seconds / av_q2d(base)).rounded())))
    for time in [\AVPacket.pts, \AVPacket.dts] where packet.pointer.pointee[keyPath: time] != FFmpegCode.noTimestamp {
      packet.pointer.pointee[keyPath: time] &+= offset
    }
  }

  /// Bytes by which a packet may lie from the picture of its time.
  private static let reach = 4 << 20
}
