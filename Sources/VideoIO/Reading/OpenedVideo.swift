import CFFmpeg
import CFFmpegShims
import Imaging

/// What opening a video file finds: its frames' places and times, and what the first of them looks like.
struct OpenedVideo {
  let source: VideoStream
  let index: FrameIndex
  let info: MediaInfo
  let isTruncated: Bool
  /// Whether packets can be known again after a seek.
  let isSeekable: Bool

  init(_ path: String, _ limits: MediaLimits) throws(VideoIOError) {
    let file = try InputFile(path, limits: limits)
    let demuxer = try Demuxer(file, limits: limits)
    let stream = try Self.videoStream(demuxer)
    demuxer.select(stream: stream)
    source = VideoStream(file: file, limits: limits, stream: stream)
    let scan = try PacketScan(source, demuxer)
    guard !scan.packets.isEmpty else {
      throw VideoIOError(.noVideo, file: path, stream: stream, "the video stream has no frames")
    }
    var index = try FrameIndex(ordering: scan.packets, isTruncated: scan.isTruncated, source, demuxer)
    let first = try FirstPicture(source, index)
    index.dropFirst(first.display)
    self.index = index
    isTruncated = scan.isTruncated
    // A time that comes twice leads to either place.
    isSeekable = scan.splices.isEmpty && scan.packets.allSatisfy { $0.time != nil }
    var info = try Self.describe(demuxer, demuxer.streams[stream], index, first, Self.warnings(scan, index.frameCount))
    if !scan.splices.isEmpty { info.splices = scan.splices }
    self.info = info
    if info.duration > limits.duration { throw PacketScan.tooLong(path, limits) }
  }

  private static func warnings(_ scan: PacketScan, _ frameCount: Int) -> [String] {
    if scan.isTruncated { return ["The file breaks off early; the \(frameCount) frames that are there are read."] }
    return scan.isDamaged ? ["The file is damaged in places; frames may be missing there."] : []
  }

  /// The stream that players would show; cover pictures are none.
  static func videoStream(_ demuxer: Demuxer) throws(VideoIOError) -> Int {
    let videos = demuxer.videoStreams
    let best = Int(av_find_best_stream(demuxer.context, AVMEDIA_TYPE_VIDEO, -1, -1, nil, 0))
    guard let chosen = videos.contains(best) ? best : videos.first else {
      throw VideoIOError(.noVideo, file: demuxer.file.path, "there is no video in this file")
    }
    return chosen
  }
}

extension Demuxer {
  /// Streams of moving pictures: those of cover pictures are left out.
  var videoStreams: [Int] {
    streams.indices.filter {
      streams[$0].pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_VIDEO
        && streams[$0].pointee.disposition & AV_DISPOSITION_ATTACHED_PIC == 0
    }
  }
}

/// The first frame that can be decoded.
struct FirstPicture {
  let picture: FFmpegFrame
  /// Its number in an index that still has the frames before it.
  let display: Int

  init(_ source: VideoStream, _ index: FrameIndex) throws(VideoIOError) {
    let decoder = try source.sequentialDecoder(index.packets, threads: 1, reorderDepth: index.reorderDepth)
    var failure: FFmpegError?
    while let output = decoder.next() {
      switch output {
      case .failure(_, let error): failure = failure ?? error
      case .picture(let picture, let ordinal):
        guard index.displays.indices.contains(ordinal), index.displays[ordinal] >= 0 else { continue }
        self.picture = picture
        display = index.displays[ordinal]
        return
      }
    }
    throw VideoIOError(
      .badData, file: source.file.path, stream: source.stream, frame: 0, "no frame can be decoded",
      underlying: failure?.text)
  }
}

extension VideoStream {
  /// Decodes from the first packet on.
  func sequentialDecoder(_ packets: [PacketRecord], threads: Int, reorderDepth: Int) throws(VideoIOError)
    -> StreamDecoder
  {
    let packet = try packet()
    let demuxer = try StreamSeeker(self, packets: packets, isSeekable: false).demuxer(at: 0, packet)
    let decoder = try decoder(demuxer, threads: threads, reorderDepth: reorderDepth)
    return StreamDecoder(demuxer, decoder, packets: packets, stream: stream, first: packet, ordinal: 0)
  }
}

extension FrameIndex {
  /// Orders frames by the container's times where they serve, otherwise by decoding the stream once.
  fileprivate init(
    ordering packets: [PacketRecord], isTruncated: Bool, _ source: VideoStream, _ demuxer: Demuxer
  ) throws(VideoIOError) {
    let stream = demuxer.streams[source.stream]
    if !Self.mayHoldFields(demuxer, stream), let index = FrameIndex(ordering: packets, isTruncated: isTruncated) {
      self = index
      return
    }
    let decoder = try source.sequentialDecoder(packets, threads: 2, reorderDepth: 0)
    var ordinals: [Int] = []
    var seen = Set<Int>()
    while let output = decoder.next() {
      if case .picture(_, let ordinal) = output, packets.indices.contains(ordinal), seen.insert(ordinal).inserted {
        ordinals.append(ordinal)
      }
    }
    guard !ordinals.isEmpty else {
      throw VideoIOError(.badData, file: source.file.path, stream: source.stream, frame: 0, "no frame can be decoded")
    }
    let rate = Rational(av_guess_frame_rate(demuxer.context, stream, nil))
    let tick = 1 / max(1e-6, (rate.value > 0 ? rate.value : 25) * Rational(stream.pointee.time_base).value)
    self.init(
      decoded: ordinals, packets: packets, tick: Int64(min(1e12, tick.rounded())),
      hasShownTimes: !InputFormats.names(of: demuxer.format).contains("avi"))
  }

  /// Interlaced H.264 outside MP4 may keep the two fields of a frame in two packets.
  private static func mayHoldFields(_ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>) -> Bool {
    let parameters = stream.pointee.codecpar.pointee
    let isProgressive = parameters.field_order == AV_FIELD_PROGRESSIVE || parameters.field_order == AV_FIELD_UNKNOWN
    return parameters.codec_id == AV_CODEC_ID_H264 && !isProgressive
      && !InputFormats.names(of: demuxer.format).contains("mov")
  }
}
