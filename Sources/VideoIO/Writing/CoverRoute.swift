import CFFmpeg

/// Passes the cover picture along: one packet, which belongs to no time.
final class CoverRoute: PacketRoute {
  let warnings: [String] = []
  private let muxer: FFmpegMuxer
  private let stream: UnsafeMutablePointer<AVStream>
  private var isWritten = false

  init(_ muxer: FFmpegMuxer, to stream: UnsafeMutablePointer<AVStream>) {
    self.muxer = muxer
    self.stream = stream
  }

  func take(_ packet: FFmpegPacket, shift: Int64) throws {
    guard !isWritten else { return }
    isWritten = true
    let raw = packet.pointer
    (raw.pointee.pts, raw.pointee.dts, raw.pointee.duration) = (0, 0, 0)
    raw.pointee.stream_index = stream.pointee.index
    raw.pointee.pos = -1
    try muxer.write(packet)
  }

  func finish() {}
}
