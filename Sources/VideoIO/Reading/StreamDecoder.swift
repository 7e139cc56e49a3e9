import CFFmpeg

/// A decoder fed with the packets of one stream in order. Each packet's timestamp is replaced by its ordinal, so that
/// a frame tells which packet it came from, whatever the container's timestamps are worth.
final class StreamDecoder {
  enum Output {
    case picture(FFmpegFrame, ordinal: Int)
    /// The packet could not be decoded.
    case failure(ordinal: Int, FFmpegError)
  }

  private let demuxer: Demuxer
  private let decoder: FFmpegCodecContext
  private let index: [PacketRecord]
  private let stream: Int
  private let packet: FFmpegPacket
  /// The packet that is decoded next.
  private(set) var ordinal: Int
  private var holdsFirst = true
  private var isDraining = false
  private var failuresWhileDraining = 0

  /// - Parameters:
  ///   - first: packet `ordinal`, to be decoded first.
  ///   - demuxer: standing behind that packet.
  init(
    _ demuxer: Demuxer, _ decoder: FFmpegCodecContext, packets: [PacketRecord], stream: Int, first: FFmpegPacket,
    ordinal: Int
  ) {
    self.demuxer = demuxer
    self.decoder = decoder
    index = packets
    self.stream = stream
    packet = first
    self.ordinal = ordinal
  }

  /// Whether the decoder logged an error. Its threads may do so without marking the picture.
  var hasComplained: Bool { decoder.hasComplained }

  /// The next frame in display order, or nil at the end.
  func next() -> Output? {
    while true {
      do throws(FFmpegError) {
        let frame = try FFmpegFrame()
        switch try decoder.receive(frame) {
        case .ready: return .picture(frame, ordinal: Int(clamping: frame.pointer.pointee.pts))
        case .ended: return nil
        case .needsInput:
          if isDraining { return nil }
          try feed()
        }
      } catch {
        if isDraining { failuresWhileDraining += 1 }
        // A decoder that fails on and on while it is drained has nothing left.
        if failuresWhileDraining > 64 { return nil }
        return .failure(ordinal: max(0, ordinal - 1), error)
      }
    }
  }

  private func feed() throws(FFmpegError) {
    guard ordinal < index.count, fetch() else {
      isDraining = true
      _ = try decoder.send(nil as FFmpegPacket?)
      return
    }
    let current = ordinal
    ordinal += 1
    // To a decoder a packet without content means the end.
    if packet.pointer.pointee.size == 0 { return }
    packet.pointer.pointee.pts = Int64(current)
    packet.pointer.pointee.dts = FFmpegCode.noTimestamp
    _ = try decoder.send(packet)
  }

  private func fetch() -> Bool {
    if holdsFirst {
      holdsFirst = false
      return true
    }
    return (try? demuxer.read(packet, stream: stream)) ?? false
  }
}
