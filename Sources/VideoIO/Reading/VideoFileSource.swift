import CFFmpeg
import Imaging

/// The frames of a video file, by FFmpeg. Confined to one thread at a time.
///
/// The packets are indexed once, without decoding, so that frames have numbers and exact times before any is decoded.
/// Going forward never seeks; any other frame is reached from the keyframe that it depends on, or one further back
/// where that one is damaged. A damaged packet never moves frames: where it gives no picture, the frame before is
/// repeated (`isRepeated`, `damage.repeatedFrames`); where the decoder patches a picture up, the patched picture is
/// delivered and its number noted (`damage.concealedFrames`). After the first damage one thread decodes, since only so
/// is the patching the same each time.
public final class VideoFileSource: FrameSource {
  public let info: MediaInfo
  public private(set) var damage: Damage

  private let source: VideoStream
  private let index: FrameIndex
  private let seeker: StreamSeeker
  private var threads: Int
  private var cache: FrameCache
  /// Keyframes of the groups of pictures in which damage was found.
  private var damagedGroups: Set<Int> = []
  private var run: DecodeRun?
  /// Decoded, but not yet known to be free of damage: what they refer to may be shown, and found damaged, later.
  private var held: [DecodeRun.Step] = []
  private var lastPicture: FFmpegFrame?
  private var lastFrame: TimedFrame?

  /// - Parameters:
  ///   - path: a file or a pipe; `-` is standard input. A pipe is first kept in an unnamed temporary file, under
  ///     `limits.bytes`. Names are plain: `concat:`, `http:`, quotes and leading dashes mean nothing.
  ///   - cacheBytes: bounds the samples kept for going backward.
  ///   - threads: decoding threads; they do not change the bytes.
  /// - Throws: `VideoIOError`.
  public init(
    _ path: String, limits: MediaLimits = MediaLimits(), cacheBytes: Int = 256 << 20, threads: Int = 2
  ) throws(VideoIOError) {
    let opened = try OpenedVideo(path, limits)
    source = opened.source
    index = opened.index
    info = opened.info
    damage = Damage(isTruncated: opened.isTruncated)
    seeker = StreamSeeker(source, packets: index.packets, isSeekable: opened.isSeekable)
    self.threads = max(1, threads)
    cache = FrameCache(capacity: cacheBytes / info.format.byteCount(width: info.width, height: info.height))
  }

  public func time(at index: Int) -> (time: Int64, duration: Int64) {
    (self.index.times[index], self.index.durations[index])
  }

  public func frame(at index: Int) throws -> TimedFrame {
    guard index >= 0, index < self.index.frameCount else { throw outOfRange(index) }
    if let frame = cache.frame(index) { return frame }
    if index == lastFrame?.index, let lastFrame { return lastFrame }
    return try decode(index)
  }

  private func outOfRange(_ index: Int) -> VideoIOError {
    let count = self.index.frameCount
    return VideoIOError(
      .badData, file: info.path, stream: source.stream, frame: index,
      damage.isTruncated ? "the file breaks off after \(count) frames" : "there are \(count) frames, counted from 0")
  }

  // MARK: Decoding

  private func decode(_ target: Int) throws(VideoIOError) -> TimedFrame {
    while true {
      let run = try reach(target)
      while isUsable(run, for: target) {
        if let frame = try deliver(run, target) { return frame }
        guard let step = run.next() else { throw lost(target, run) }
        held.append(step)
        if threads > 1, run.isSuspect {
          threads = 1
          self.run = nil
          break
        }
        for ordinal in run.takeAnomalies() { damagedGroups.insert(index.keyframe(before: ordinal)) }
      }
    }
  }

  /// Whether a run gives `target` as every other way of reading would. What is sound is the same from any beginning;
  /// what is patched up depends on the past, and must be decoded from the one keyframe that is right for it.
  private func isUsable(_ run: DecodeRun, for target: Int) -> Bool {
    !index.isTouched(target, by: damagedGroups) || run.start == index.start(for: target, damaged: damagedGroups)
  }

  /// The run in progress, where it comes to `target` without a detour, or a new one.
  private func reach(_ target: Int) throws(VideoIOError) -> DecodeRun {
    let start = index.start(for: target, damaged: damagedGroups)
    if let run, isUsable(run, for: target), (held.first?.display ?? run.position) <= target,
      start <= run.ordinal || !seeker.isSeekable
    {
      return run
    }
    run = nil
    held = []
    (lastPicture, lastFrame) = (nil, nil)
    let run = try begin(at: start)
    self.run = run
    return run
  }

  private func begin(at start: Int) throws(VideoIOError) -> DecodeRun {
    let packet = try source.packet()
    let demuxer = try seeker.demuxer(at: start, packet)
    let decoder = try source.decoder(demuxer, threads: threads, reorderDepth: index.reorderDepth)
    return DecodeRun(
      StreamDecoder(demuxer, decoder, packets: index.packets, stream: source.stream, first: packet, ordinal: start),
      index, start: start)
  }

  /// Takes the held frames that are known to be sound, up to `target`.
  private func deliver(_ run: DecodeRun, _ target: Int) throws(VideoIOError) -> TimedFrame? {
    while let step = held.first, index.witness(of: step.display) < run.position {
      held.removeFirst()
      note(step)
      if let picture = step.picture { lastPicture = picture }
      // Frames far behind the target would leave the cache before anybody asks for them.
      guard step.display > target - cache.capacity else { continue }
      let frame = try timed(step)
      lastFrame = frame
      cache.insert(frame)
      if step.display == target { return frame }
    }
    return nil
  }

  private func note(_ step: DecodeRun.Step) {
    if step.isConcealed { damage.concealedFrames.insertSorted(step.display) }
    if isRepeat(step) { damage.repeatedFrames.insertSorted(step.display) }
  }

  /// A packet without content repeats the frame before on purpose; that is no damage.
  private func isRepeat(_ step: DecodeRun.Step) -> Bool {
    step.picture == nil && !index.packets[index.ordinals[step.display]].traits.contains(.empty)
  }

  private func timed(_ step: DecodeRun.Step) throws(VideoIOError) -> TimedFrame {
    let (time, duration) = time(at: step.display)
    let frame: Frame
    if step.picture == nil, let lastFrame, lastFrame.index == step.display - 1 {
      frame = lastFrame.frame
    } else if let picture = lastPicture {
      frame = try samples(of: picture, step.display)
    } else {
      throw VideoIOError(
        .badData, file: info.path, stream: source.stream, frame: step.display, "the frame cannot be decoded")
    }
    return TimedFrame(frame: frame, index: step.display, time: time, duration: duration, isRepeated: isRepeat(step))
  }

  private func samples(of picture: FFmpegFrame, _ display: Int) throws(VideoIOError) -> Frame {
    let format = picture.deliveredFormat
    guard picture.width == info.width, picture.height == info.height, format?.layout == info.format.layout,
      format?.bitDepth == info.format.bitDepth
    else {
      run = nil
      throw VideoIOError(
        .mismatch, file: info.path, stream: source.stream, frame: display,
        "from here on frames are \(picture.width)x\(picture.height) in \(format?.summary ?? "an unknown format"), not "
          + "\(info.width)x\(info.height) in \(info.format.summary); split the file there")
    }
    do {
      return try picture.frame(as: info.format, color: info.color)
    } catch {
      run = nil
      throw VideoIOError(
        .unsupported, file: info.path, stream: source.stream, frame: display, "the pixel format cannot be read",
        underlying: (error as? FFmpegError)?.text ?? "\(error)")
    }
  }

  private func lost(_ target: Int, _ run: DecodeRun) -> VideoIOError {
    self.run = nil
    return VideoIOError(
      .badData, file: info.path, stream: source.stream, frame: target, "the frame cannot be decoded",
      underlying: run.failure?.text)
  }
}

extension [Int] {
  /// Inserts a number into an ascending list, once.
  mutating func insertSorted(_ number: Int) {
    let place = partitioningIndex { $0 >= number }
    if place == count || self[place] != number { insert(number, at: place) }
  }
}
