import CFFmpeg

/// One pass over the packets of a video stream, without decoding.
struct PacketScan {
  private(set) var packets: [PacketRecord] = []
  /// The container breaks off before it says that it ends.
  private(set) var isTruncated = false
  /// The container is damaged in places; frames may have been lost there without a trace.
  private(set) var isDamaged = false
  /// Where the clock begins anew, in the order of the file.
  private(set) var splices: [MediaInfo.Splice] = []

  /// - Throws: `.overLimit` once there are more frames, or a longer time, than allowed.
  init(_ source: VideoStream, _ demuxer: Demuxer) throws(VideoIOError) {
    let (stream, limits) = (demuxer.streams[source.stream], source.limits)
    let (codec, tick) = (stream.pointee.codecpar.pointee.codec_id, Rational(stream.pointee.time_base).value)
    let packet = try source.packet()
    FFmpegLog.capture()
    let isTransport = InputFormats.names(of: demuxer.format).contains("mpegts")
    var (earliest, latest) = (Int64.max, Int64.min)
    while try next(packet, demuxer, stream) {
      var record = PacketRecord(packet, codec: codec, isFirst: packets.isEmpty)
      if isTransport { splice(&record, at: Int(packet.pointer.pointee.pos), tick) }
      packets.append(record)
      if packets.count > limits.frames { throw Self.tooMany(demuxer.file.path, limits) }
      guard let time = record.time else { continue }
      (earliest, latest) = (min(earliest, time), max(latest, time))
      if Double(latest &- earliest) * tick > limits.duration { throw Self.tooLong(demuxer.file.path, limits) }
    }
    noteDamage(demuxer, stream)
  }

  private mutating func next(
    _ packet: FFmpegPacket, _ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>
  ) throws(VideoIOError) -> Bool {
    do throws(FFmpegError) {
      return try demuxer.read(packet, stream: Int(stream.pointee.index))
    } catch {
      isTruncated = true
      return false
    }
  }

  /// Transport streams that were joined, as broadcasters do, count their time anew in the middle.
  private mutating func splice(_ record: inout PacketRecord, at position: Int, _ tick: Double) {
    guard let last = packets.last else { return }
    record.splice = last.splice
    guard let before = last.decodedTime ?? last.shownTime, let now = record.decodedTime ?? record.shownTime,
      Double(before &- now) * tick > MediaInfo.Splice.leap else { return }
    let frame = last.duration > 0 ? last.duration : Int64(0.04 / tick)
    record.splice = last.splice &+ before &+ frame &- now
    splices.append(MediaInfo.Splice(position: position, seconds: Double(record.splice) * tick))
  }

  /// Containers with a table of frames, or a length, tell how much there should be; a packet cut in half at the end tells as well.
  private mutating func noteDamage(_ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>) {
    isDamaged = FFmpegLog.hasDemuxerComplaints
    let isCutTransport = Self.isCutTransportStream(demuxer)
    if let line = FFmpegLog.takeLine(), line.contains("ended prematurely") { isTruncated = true }
    if stream.pointee.nb_frames > Int64(packets.count) || MatroskaExtent.isCut(demuxer.file) { isTruncated = true }
    if packets.count > 1, let last = packets.last, last.traits.contains(.damaged) || isCutTransport {
      isTruncated = true
      packets.removeLast()
    }
  }

  /// Transport streams are made of packets of one size, so that a rest at the end was cut.
  private static func isCutTransportStream(_ demuxer: Demuxer) -> Bool {
    InputFormats.names(of: demuxer.format).contains("mpegts")
      && [188, 192, 204].allSatisfy { !demuxer.file.size.isMultiple(of: $0) }
  }

  static func tooMany(_ path: String, _ limits: MediaLimits) -> VideoIOError {
    VideoIOError(.overLimit, file: path, "more than \(limits.frames) frames; raise --max-frames to read it")
  }

  static func tooLong(_ path: String, _ limits: MediaLimits) -> VideoIOError {
    VideoIOError(
      .overLimit, file: path, "longer than \(Int(limits.duration)) seconds; raise --max-duration to read it")
  }
}

extension PacketRecord {
  /// When the frame is shown, or decoded where only that is known.
  var time: Int64? { shownTime ?? decodedTime }

  /// When it is decoded; nil where the container does not say, or says nonsense.
  var decodedTime: Int64? { Self.isTime(decoding) ? decoding &+ splice : nil }

  /// When the frame is shown; nil where the container does not say, or says nonsense.
  var shownTime: Int64? { Self.isTime(presentation) ? presentation &+ splice : nil }

  private static func isTime(_ value: Int64) -> Bool { value.magnitude < 1 << 60 }
}

extension FrameIndex {
  /// Orders the frames by their times.
  /// - Returns: nil where times are missing or doubled: then only decoding tells the order.
  init?(ordering packets: [PacketRecord], isTruncated: Bool) {
    let shown = packets.indices.filter { !packets[$0].traits.contains(.hidden) }
    let known = shown.compactMap { ordinal in packets[ordinal].shownTime.map { (ordinal, time: $0) } }
      .sorted { $0.time < $1.time }
    guard known.count == shown.count else { return nil }
    var order = known.map(\.0)
    let times = known.map(\.time)
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
    if isTruncated { order.removeLast(Self.strandedTail(times)) }
    self.init(packets: packets, ordinals: order, times: Array(times.prefix(order.count)))
  }

  /// Takes the order in which a decoder gave the frames out.
  /// - Parameters:
  ///   - tick: the duration of a frame, for streams without any times.
  ///   - hasShownTimes: whether the container says when frames are shown; AVI does not, and what FFmpeg guesses is no use.
  init(decoded ordinals: [Int], packets: [PacketRecord], tick: Int64, hasShownTimes: Bool) {
    let shown = ordinals.map { packets[$0].shownTime }
    let candidates: [[Int64]] = [
      shown.compactMap { $0 },
      hasShownTimes ? TimeRepair.repaired(shown) ?? [] : [],
      // Files with decoding times only (AVI) show their frames at these times in turn.
      ordinals.compactMap { packets[$0].decodedTime }.sorted(),
    ]
    let known = candidates.first { times in
      times.count == ordinals.count && zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
    }
    let times = known ?? ordinals.indices.map { Int64($0) &* max(1, tick) }
    self.init(packets: packets, ordinals: ordinals, times: times)
  }

  private init(packets: [PacketRecord], ordinals: [Int], times: [Int64]) {
    let mean = times.count > 1 ? (times[times.count - 1] &- times[0]) / Int64(times.count - 1) : 1
    self.init(packets: packets, ordinals: ordinals, times: times, lastDuration: mean)
  }

  /// How many of the last frames of a file that breaks off stand behind a gap: their neighbours are missing.
  private static func strandedTail(_ times: [Int64]) -> Int {
    let steps = zip(times, times.dropFirst()).map { $1 &- $0 }
    let window = steps.suffix(16)
    guard window.count > 4 else { return 0 }
    let median = window.sorted()[window.count / 2]
    guard let gap = window.firstIndex(where: { Double($0) > 1.5 * Double(median) }) else { return 0 }
    return steps.count - gap
  }
}

extension Rational {
  init(_ value: AVRational) { self.init(Int(value.num), Int(value.den)) }
}
