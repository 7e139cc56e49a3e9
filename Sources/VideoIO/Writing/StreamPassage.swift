import CFFmpeg
import Foundation

/// Carries sound, subtitles, attachments, chapters and tags from the source's file into the output.
///
/// Reads the file a second time, as far as the frames have come. Confined to one thread at a time.
final class StreamPassage {
  private(set) var warnings: [String] = []
  /// Said by the routes while packets pass.
  var lateWarnings: [String] { routes.values.sorted { $0.index < $1.index }.flatMap(\.route.warnings) + brokenOff }

  private let demuxer: Demuxer
  private let videoTimeBase: AVRational
  private let limits: ClosedRange<Double>?
  private let packet: FFmpegPacket
  private var routes: [Int: (index: Int, route: any PacketRoute)] = [:]
  private var brokenOff: [String] = []
  private let splices: [MediaInfo.Splice]
  private var clocks: [Int: SplicedClock] = [:]
  private var holdsPacket = false
  private var isAtEnd = false

  /// - Parameter window: seconds of the source's clock that are kept; nil keeps all.
  /// - Returns: nil where the source is no file that could hold more than frames.
  /// - Throws: `VideoIOError.container` for sound that can neither be copied nor encoded anew.
  static func open(
    _ source: MediaInfo, into muxer: FFmpegMuxer, _ container: Container, window: ClosedRange<Double>?, output: String
  ) throws -> StreamPassage? {
    guard source.container != "images", let file = try sourceFile(source) else { return nil }
    let passage = try StreamPassage(file, source, window)
    try passage.plan(
      PassagePlan(
        muxer: muxer, container: container, window: window, pictureStart: source.startTime,
        pictureStream: try? OpenedVideo.videoStream(passage.demuxer), output: output))
    passage.seekNear(window?.lowerBound)
    return passage
  }

  /// nil where frames come from no file, as in rendered clips.
  /// - Throws: `VideoIOError.cannotOpen` where there was sound, and its file is gone.
  private static func sourceFile(_ source: MediaInfo) throws(VideoIOError) -> InputFile? {
    var status = stat()
    if stat(source.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      return try InputFile(source.path, limits: .none)
    }
    if let pipe = SpooledPipes.file(source.path) { return pipe }
    guard !source.streams.contains(where: { $0.kind == .audio }) else {
      throw VideoIOError(.cannotOpen, file: source.path, "the file is gone that the sound is to be copied from")
    }
    return nil
  }

  private init(_ file: InputFile, _ source: MediaInfo, _ window: ClosedRange<Double>?) throws {
    demuxer = try Demuxer(file, limits: .none)
    videoTimeBase = AVRational(source.timeBase)
    limits = window
    splices = source.splices ?? []
    packet = try FFmpegPacket()
  }

  private func plan(_ plan: PassagePlan) throws {
    plan.muxer.copyTags(from: demuxer.context)
    if plan.container == .avi || plan.container == .mpegts, demuxer.context.pointee.nb_chapters > 0 {
      warnings.append("\(plan.container.rawValue) holds no chapters: they are left out (.mp4 and .mkv hold them)")
    } else {
      try plan.muxer.copyChapters(from: demuxer.context, window: plan.window)
    }
    for (index, stream) in demuxer.streams.enumerated() {
      let decision = try plan.route(for: stream, index)
      stream.pointee.discard = decision.route == nil ? AVDISCARD_ALL : AVDISCARD_DEFAULT
      if let route = decision.route { routes[index] = (index, route) }
      if let warning = decision.warning { warnings.append(warning) }
    }
    if routes.isEmpty { isAtEnd = true }
  }

  private func seekNear(_ start: Double?) {
    // A time that comes twice leads to either place.
    guard let start, start > 60, splices.isEmpty else { return }
    let target = Int64((start - 30) * Double(AV_TIME_BASE))
    avformat_seek_file(demuxer.context, -1, Int64.min, target, target, 0)
  }

  /// Passes on what comes before the video time `time`.
  /// - Parameter shift: what is added to the video's times, in its units.
  func advance(to time: Int64, shift: Int64) throws {
    try pass(until: Double(time) * av_q2d(videoTimeBase), shift: shift)
  }

  /// Passes on the rest, up to the end of the window.
  func finish(shift: Int64) throws {
    try pass(until: .infinity, shift: shift)
    for (_, route) in routes.values.sorted(by: { $0.index < $1.index }) { try route.finish() }
  }

  private func pass(until limit: Double, shift: Int64) throws {
    while !isAtEnd {
      guard try holdsPacket || readPacket() else { return }
      let index = Int(packet.pointer.pointee.stream_index)
      guard let route = routes[index]?.route, let stream = demuxer.context.pointee.streams[index] else {
        dropPacket()
        continue
      }
      let base = stream.pointee.time_base
      let seconds = Double(packet.time ?? 0) * av_q2d(base)
      if packet.time != nil, seconds > limit { return }
      // A margin for streams that lie a little apart in the file.
      if let end = limits?.upperBound, packet.time != nil, seconds > end + 10 { isAtEnd = true }
      try route.take(packet, shift: av_rescale_q(shift, videoTimeBase, base))
      dropPacket()
    }
  }

  private func readPacket() throws -> Bool {
    let result = av_read_frame(demuxer.context, packet.pointer)
    holdsPacket = result >= 0
    if holdsPacket {
      correctTime()
      return true
    }
    isAtEnd = true
    if result != FFmpegCode.endOfFile {
      brokenOff = ["the source breaks off while its sound is copied: \(FFmpegError(code: result).text)"]
    }
    return false
  }

  private func correctTime() {
    guard !splices.isEmpty else { return }
    let index = Int(packet.pointer.pointee.stream_index)
    guard let stream = demuxer.context.pointee.streams[index] else { return }
    clocks[index, default: SplicedClock(splices)].correct(packet, stream.pointee.time_base)
  }

  private func dropPacket() {
    packet.unreference()
    holdsPacket = false
  }
}

extension FFmpegPacket {
  /// When the packet is due, in units of its stream's time base.
  var time: Int64? {
    if pointer.pointee.pts != FFmpegCode.noTimestamp { return pointer.pointee.pts }
    return pointer.pointee.dts == FFmpegCode.noTimestamp ? nil : pointer.pointee.dts
  }
}

extension MediaLimits {
  /// For a file that was read within limits already.
  static let none = MediaLimits(bytes: .max, pixels: .max, frames: .max, duration: .infinity)
}
