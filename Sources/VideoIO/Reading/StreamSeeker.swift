import CFFmpeg

/// Brings a demuxer to a packet, exactly: by the container's own seeking where that proves right, or from the start.
///
/// Confined to one thread at a time.
final class StreamSeeker {
  private let source: VideoStream
  private let packets: [PacketRecord]
  private var demuxer: Demuxer?
  /// False once the container's seeking led astray; from then on the file is read from its start.
  private(set) var isSeekable: Bool

  init(_ source: VideoStream, packets: [PacketRecord], isSeekable: Bool) {
    self.source = source
    self.packets = packets
    self.isSeekable = isSeekable
  }

  /// Puts packet `ordinal` into `packet`.
  /// - Returns: the demuxer, standing behind it. It is the same one each time, so that only the last is of use.
  func demuxer(at ordinal: Int, _ packet: FFmpegPacket) throws(VideoIOError) -> Demuxer {
    if ordinal > 0, isSeekable {
      let demuxer = try current()
      let times = [packets[ordinal].shownTime, packets[ordinal].time].compactMap { $0 }
      for time in times where seek(demuxer, to: ordinal, at: time, packet) { return demuxer }
      isSeekable = false
    }
    let demuxer = try source.demuxer()
    self.demuxer = demuxer
    for _ in 0...ordinal {
      guard (try? demuxer.read(packet, stream: source.stream)) == true else {
        throw VideoIOError(
          .badData, file: source.file.path, stream: source.stream, "the file changed while it was read")
      }
    }
    return demuxer
  }

  private func current() throws(VideoIOError) -> Demuxer {
    if let demuxer { return demuxer }
    let demuxer = try source.demuxer()
    self.demuxer = demuxer
    return demuxer
  }

  private func seek(_ demuxer: Demuxer, to ordinal: Int, at time: Int64, _ packet: FFmpegPacket) -> Bool {
    guard (try? demuxer.seek(stream: source.stream, to: time)) != nil,
      var place = landing(demuxer, before: ordinal, packet)
    else { return false }
    while place < ordinal {
      guard (try? demuxer.read(packet, stream: source.stream)) == true else { return false }
      place += 1
    }
    return packets[ordinal].isSame(as: PacketRecord(packet, codec: AV_CODEC_ID_NONE, isFirst: false))
  }

  /// Reads on until a packet is known from the scan.
  private func landing(_ demuxer: Demuxer, before ordinal: Int, _ packet: FFmpegPacket) -> Int? {
    for _ in 0..<64 {
      guard (try? demuxer.read(packet, stream: source.stream)) == true else { return nil }
      let record = PacketRecord(packet, codec: AV_CODEC_ID_NONE, isFirst: false)
      if let place = packets[...ordinal].lastIndex(where: { $0.isSame(as: record) }) { return place }
      if let time = record.time, let wanted = packets[ordinal].time, time > wanted { return nil }
    }
    return nil
  }
}
