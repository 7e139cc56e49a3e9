/// Opens clips: a video file, a pipe, or a folder of images.
public enum MediaSource {
  /// The containers and image kinds that are read, by FFmpeg's names.
  public static var inputFormats: [String] { InputFormats.all }

  /// - Parameters:
  ///   - path: a file, a folder of images, or a pipe (`-` is standard input; a pipe is first kept in an unnamed
  ///     temporary file, under `limits.bytes`). Nothing in a path has a meaning; addresses are refused.
  ///   - cacheBytes: bounds the samples kept for going backward.
  ///   - threads: decoding threads; they do not change the bytes.
  ///   - frameRate: of a folder of images, 25 where nil; videos know theirs.
  /// - Throws: `VideoIOError`.
  public static func open(
    _ path: String, limits: MediaLimits = MediaLimits(), cacheBytes: Int = 256 << 20, threads: Int = 2,
    frameRate: Rational? = nil
  ) throws(VideoIOError) -> any FrameSource {
    if try InputFile.kind(of: path) == .folder {
      return try ImageFolderSource(
        path, limits: limits, cacheBytes: cacheBytes, frameRate: frameRate ?? Rational(25, 1))
    }
    return try VideoFileSource(path, limits: limits, cacheBytes: cacheBytes, threads: threads)
  }
}
