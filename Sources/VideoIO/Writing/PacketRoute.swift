import CFFmpeg

/// The way of one stream's packets from the source into the output.
protocol PacketRoute: AnyObject {
  var warnings: [String] { get }
  /// - Parameter shift: what is added to the packet's times, in units of the source's stream.
  func take(_ packet: FFmpegPacket, shift: Int64) throws
  /// Writes what is still under way.
  func finish() throws
}

/// The part of a stream that is kept.
struct PacketWindow {
  /// Seconds of the source's clock; nil keeps all.
  var seconds: ClosedRange<Double>?
  /// Whether a packet that straddles the start may keep its time before it.
  var keepsStraddling: Bool

  /// Whether a packet of these times, in units of `base`, is kept.
  func keeps(_ time: Int64, duration: Int64, _ base: AVRational) -> Bool {
    guard let seconds else { return true }
    let unit = av_q2d(base)
    let tolerance = unit / 2
    let start = Double(time) * unit
    let end = Double(time &+ max(0, duration)) * unit
    guard start < seconds.upperBound - tolerance else { return false }
    return keepsStraddling ? end > seconds.lowerBound + tolerance : start >= seconds.lowerBound - tolerance
  }
}

/// How Matroska counts the samples of Opus that players skip at the start, by the codec's own header.
struct CodecLead {
  /// To be added to the packets' times: libavformat before 62 leaves this to its caller.
  var added: Int64 = 0
  /// The first packet's time, below 0 where the container counts the skipped samples itself.
  var earliest: Int64 = 0

  /// - Parameter base: the unit of the packets' times.
  init(_ parameters: UnsafePointer<AVCodecParameters>, _ base: AVRational, in container: Container) {
    guard parameters.pointee.codec_id == AV_CODEC_ID_OPUS, container == .matroska || container == .webm else { return }
    let rate = AVRational(num: 1, den: max(1, parameters.pointee.sample_rate))
    let skipped = av_rescale_q(Int64(parameters.pointee.initial_padding), rate, base)
    if avformat_version() >> 16 < 62 { added = skipped } else { earliest = -skipped - 1 }
  }

}

/// Passes packets on as they are.
final class CopyRoute: PacketRoute {
  let warnings: [String] = []
  private let muxer: FFmpegMuxer
  private let base: AVRational
  private let stream: UnsafeMutablePointer<AVStream>
  private let window: PacketWindow
  /// What becomes of a packet that begins before the output does.
  enum Straddling {
    /// It keeps its time before 0; the container says how much is skipped.
    case keepsItsTime
    /// It begins at 0 and is shorter: text that is shown already.
    case isShortened
    case isDropped
  }

  private let straddling: Straddling
  private let lead: CodecLead
  private var lastDecoding = Int64.min

  init(
    _ muxer: FFmpegMuxer, from input: UnsafeMutablePointer<AVStream>, to stream: UnsafeMutablePointer<AVStream>,
    window: ClosedRange<Double>?, straddling: Straddling, lead: CodecLead
  ) {
    self.muxer = muxer
    base = input.pointee.time_base
    self.stream = stream
    self.window = PacketWindow(seconds: window, keepsStraddling: straddling != .isDropped)
    self.straddling = straddling
    self.lead = lead
  }

  func take(_ packet: FFmpegPacket, shift: Int64) throws {
    guard let time = packet.time, window.keeps(time, duration: packet.pointer.pointee.duration, base) else { return }
    let raw = packet.pointer
    if raw.pointee.dts == FFmpegCode.noTimestamp { raw.pointee.dts = time }
    raw.pointee.pts = time &+ shift &+ lead.added
    raw.pointee.dts = raw.pointee.dts &+ shift &+ lead.added
    if raw.pointee.pts < lead.earliest {
      switch straddling {
      case .keepsItsTime: break
      case .isDropped: return
      case .isShortened:
        raw.pointee.duration = max(0, raw.pointee.duration &+ raw.pointee.pts)
        raw.pointee.pts = 0
        raw.pointee.dts = 0
      }
    }
    raw.pointee.stream_index = stream.pointee.index
    raw.pointee.pos = -1
    av_packet_rescale_ts(raw, base, stream.pointee.time_base)
    // Damaged sources repeat times, which muxers refuse.
    if raw.pointee.dts <= lastDecoding { raw.pointee.dts = lastDecoding + 1 }
    raw.pointee.pts = max(raw.pointee.pts, raw.pointee.dts)
    lastDecoding = raw.pointee.dts
    try muxer.write(packet)
  }

  func finish() {}
}
