import CFFmpeg
import Foundation
import Imaging

/// Frames into a video file, with everything else that the source's file holds.
final class VideoSink: FrameSink {
  private(set) var warnings: [String] = []
  private let path: String
  private let source: MediaInfo
  private let container: Container
  private let staged: StagedFile
  private let turn: Orientation
  private let encoder: VideoEncoder
  private let stream: UnsafeMutablePointer<AVStream>
  private let passage: StreamPassage?
  private var muxer: FFmpegMuxer?
  private var clock: FrameClock
  /// Added to every time: 0 for the whole clip, and what brings the first frame of a cut to 0.
  private var shift: Int64?
  private let isWhole: Bool
  private var count = 0

  /// - Throws: `VideoIOError`: `.exists`, `.cannotWrite`, `.unsupported`, `.container`.
  init(
    _ path: String, source: MediaInfo, range: ClosedRange<Int>, times: (start: Double, end: Double),
    settings: EncodeSettings, force: Bool
  ) throws(VideoIOError) {
    let container = try Container(path: path)
    let codec = settings.codec ?? container.defaultCodec
    guard container.holds(codec) else {
      throw VideoIOError(
        .container, file: path,
        "\(codec.rawValue) does not go into \(container.rawValue): name the output \(Container.suggestion(for: codec))")
    }
    if container == .avi, source.isVariableFrameRate {
      throw VideoIOError(.container, file: path, "AVI cannot hold a variable frame rate: name the output .mkv or .mp4")
    }
    self.path = path
    self.source = source
    self.container = container
    isWhole = range.lowerBound == 0 && range.upperBound >= source.frameCount - 1
    turn = container.holdsOrientation ? .upright : source.orientation
    let staged = try StagedFile(path, force: force)
    self.staged = staged
    let shape = VideoShape(source, turn)
    let plan = try EncoderPlan(
      codec, source: shape.format, width: shape.width, height: shape.height, color: shape.color, path: path)
    do throws(any Error) {
      let muxer = try FFmpegMuxer(format: container.rawValue, path: staged.stagedPath)
      encoder = try VideoEncoder(
        plan, source: shape, settings: settings, needsGlobalHeader: muxer.formatFlags & AVFMT_GLOBALHEADER != 0,
        allowsReordering: container.hasPresentationTimes)
      stream = try muxer.addVideo(encoder, source, container, turn)
      self.muxer = muxer
      clock = FrameClock(nominal: source.nominalFrameTicks)
      passage = try StreamPassage.open(
        source, into: muxer, container, window: isWhole ? nil : times.start...max(times.start, times.end),
        output: path)
      try muxer.writeHeader(container.headerOptions(source))
    } catch let error as FFmpegError {
      throw VideoIOError(
        error.isDiskFailure ? .cannotWrite : .unsupported, file: path, "this video cannot be written", error)
    } catch let error as VideoIOError {
      throw error
    } catch {
      throw VideoIOError(.internalFault, file: path, "this video cannot be written", underlying: "\(error)")
    }
    warnings = plan.warnings + (passage?.warnings ?? [])
    if source.isInterlaced, encoder.isTopFieldFirst == nil {
      warnings.append(
        "the frames are interlaced, which \(codec.rawValue) here cannot say: players show both fields at once (h264, ffv1 and prores4444 keep them apart)"
      )
    }
    if turn != .upright {
      warnings.append(
        "\(container.rawValue) cannot say how the picture is turned: it is turned itself (.mp4 and .mov can)")
    }
  }

  deinit { cancel() }

  func write(_ frame: Frame, time: Int64, duration: Int64) throws {
    guard let muxer else { throw VideoIOError(.internalFault, file: path, frame: count, "a frame after the end") }
    guard frame.width == source.width, frame.height == source.height, frame.format == source.format else {
      throw VideoIOError(
        .mismatch, file: path, frame: count,
        "a frame of \(frame.width)x\(frame.height) in \(frame.format.summary), in a video of "
          + "\(source.width)x\(source.height) in \(source.format.summary)")
    }
    if let latest = clock.latest, time <= latest {
      throw VideoIOError(.internalFault, file: path, frame: count, "the frames' times do not rise")
    }
    try guarding {
      let shift = self.shift ?? firstShift(time)
      self.shift = shift
      clock.append(time: time, duration: duration)
      try passage?.advance(to: time, shift: shift)
      try encoder.encode(try frame.turned(by: turn)) { try put($0, muxer) }
    }
    count += 1
  }

  func finish() throws {
    guard let muxer else { return }
    guard count > 0 else { throw VideoIOError(.noVideo, file: path, "no frame was written") }
    try guarding {
      try encoder.finish { try put($0, muxer) }
      try passage?.finish(shift: shift ?? 0)
      try muxer.finish()
    }
    warnings += passage?.lateWarnings ?? []
    self.muxer = nil
    try staged.commit()
  }

  func cancel() {
    muxer = nil
    staged.discard()
  }

  private func firstShift(_ time: Int64) -> Int64 {
    if !isWhole || !container.hasPresentationTimes { return 0 &- time }
    guard time < 0, !container.holdsNegativeTimes else { return 0 }
    warnings.append(
      "the clip begins before time 0, which \(container.rawValue) cannot say: it is moved to 0, sound and all")
    return 0 &- time
  }

  private func put(_ packet: FFmpegPacket, _ muxer: FFmpegMuxer) throws {
    let raw = packet.pointer
    guard let times = clock.times(presentation: raw.pointee.pts, decoding: raw.pointee.dts), let shift else {
      throw VideoIOError(.internalFault, file: path, frame: count, "the encoder returned a frame that it was not given")
    }
    raw.pointee.pts = times.pts &+ shift
    raw.pointee.dts = times.dts &+ shift
    raw.pointee.duration = times.duration
    raw.pointee.stream_index = stream.pointee.index
    av_packet_rescale_ts(raw, AVRational(source.timeBase), stream.pointee.time_base)
    try muxer.write(packet)
  }

  private func guarding(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as FFmpegError {
      let code: VideoIOError.Code = error.isDiskFailure ? .cannotWrite : .internalFault
      cancel()
      throw VideoIOError(code, file: path, frame: count, "the video could not be written", error)
    } catch {
      cancel()
      throw error
    }
  }
}

extension FFmpegError {
  /// Whether the system refused to write, rather than FFmpeg.
  var isDiskFailure: Bool { [ENOSPC, EIO, EROFS, EDQUOT, EFBIG, EACCES, EPERM, EPIPE].contains { -$0 == code } }
}
