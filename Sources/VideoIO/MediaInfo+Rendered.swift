import Imaging

extension MediaInfo {
  /// Describes frames that a program makes, at a constant rate from 0 on, for a `FrameSink`.
  ///
  /// - Parameter soundPath: a file whose sound goes along; nil for a silent film.
  public init(
    rendered frameCount: Int, width: Int, height: Int, format: PixelFormat, color: ColorDescription,
    frameRate: Rational, soundPath: String? = nil
  ) {
    self.init(
      path: soundPath ?? "", container: soundPath == nil ? "images" : "sound", codec: "rawvideo", width: width,
      height: height, orientation: .upright, sampleAspectRatio: Rational(1, 1), format: format, color: color,
      frameRate: frameRate, isVariableFrameRate: false, isInterlaced: false,
      timeBase: Rational(frameRate.denominator, frameRate.numerator), frameCount: frameCount,
      duration: Double(frameCount) / frameRate.value, startTime: 0, streams: [], chapterCount: 0, warnings: [])
  }
}
