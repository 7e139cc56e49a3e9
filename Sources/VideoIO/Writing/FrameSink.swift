import Imaging

/// Where frames go. Confined to one thread at a time. Nothing stands under the final name before `finish`.
///
/// What was written is removed by `cancel`, and when the sink goes away unfinished.
public protocol FrameSink: AnyObject {
  /// Sentences for the user: a stream left out, a format that was converted. More may come up to `finish`.
  var warnings: [String] { get }

  /// Takes the next frame.
  /// - Parameters:
  ///   - time: in units of the source's time base; above the time of the frame before.
  ///   - duration: in the same units.
  /// - Throws: `VideoIOError`: `.mismatch` for a frame of another size or format, `.cannotWrite` where the disk is full.
  func write(_ frame: Frame, time: Int64, duration: Int64) throws

  /// Writes what is still under way, brings it to the disk and renames it into place.
  /// - Throws: `VideoIOError`: `.cannotWrite`; `.exists` where the name was taken meanwhile.
  func finish() throws

  /// Removes what was written beside.
  func cancel()
}

/// Opens outputs for frames.
public enum MediaSink {
  /// Opens a video by the extension of `path`, or PNG images: a folder (a path ending in `/`, or an existing one) or a zip.
  ///
  /// A folder or zip receives `00000.png`, `00001.png`, … in the displayed orientation, numbered from 0 also for a cut.
  /// - Parameters:
  ///   - source: the clip that the frames come from; sound, subtitles, chapters and tags are copied from its file.
  ///   - range: the frames of the source that will be written.
  ///   - times: where the first frame of the range begins and where its last one ends, in seconds of the source's clock.
  ///   - force: whether an existing output may be replaced.
  /// - Throws: `VideoIOError`: `.badRequest`, `.exists`, `.cannotWrite`, `.unsupported`, `.container` where a codec
  ///   cannot live there.
  public static func open(
    _ path: String, source: MediaInfo, range: ClosedRange<Int>, times: (start: Double, end: Double),
    settings: EncodeSettings, force: Bool
  ) throws -> any FrameSink {
    try OutputNames(inputs: [source.path], outputs: [path], force: force).check()
    if path.hasSuffix("/") || StagedPath.isFolder(path) {
      return try images(path, source, settings) { () throws(VideoIOError) -> any ImageStore in
        try ImageFolder(path, force: force)
      }
    }
    if path.lowercased().hasSuffix(".zip") {
      return try images(path, source, settings) { () throws(VideoIOError) -> any ImageStore in
        try ImageZip(path, force: force)
      }
    }
    return try VideoSink(path, source: source, range: range, times: times, settings: settings, force: force)
  }

  private static func images(
    _ path: String, _ source: MediaInfo, _ settings: EncodeSettings, _ store: () throws(VideoIOError) -> any ImageStore
  ) throws -> any FrameSink {
    guard settings.codec == nil || settings.codec == .png else {
      throw VideoIOError(.container, file: path, "images are PNG; name a video file for another codec")
    }
    return try ImageSequenceSink(path, source: source, to: store())
  }
}
