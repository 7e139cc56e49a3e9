import Imaging

extension StillImage {
  /// Reads an image file in its own format.
  /// - Returns: the picture in the displayed orientation.
  /// - Throws: `VideoIOError` naming the file.
  public static func read(_ path: String, limits: MediaLimits = MediaLimits()) throws(VideoIOError) -> Frame {
    let image = try StillImage(path, limits: limits)
    guard let format = image.picture.deliveredFormat else {
      throw VideoIOError(.unsupported, file: path, "the image's pixel format cannot be read")
    }
    do {
      return try image.picture.frame(as: format, color: ColorDescription(image.picture)).turned(by: image.orientation)
    } catch {
      throw VideoIOError(.badData, file: path, "the image cannot be read", underlying: "\(error)")
    }
  }

  /// Reads an image file as a working copy, in the displayed orientation.
  /// - Throws: `VideoIOError` naming the file.
  public static func readRGB(_ path: String, limits: MediaLimits = MediaLimits()) throws(VideoIOError) -> RGBImage {
    RGBImage(try read(path, limits: limits))
  }

  /// Writes an 8-bit RGB PNG, beside and then into place; an existing file is replaced.
  /// - Throws: `VideoIOError.cannotWrite`.
  public static func write(_ image: RGBImage, _ path: String) throws(VideoIOError) {
    let staged = try StagedFile(path, force: true)
    try StagedPath.write(try pngBytes(image, path), to: staged.stagedPath, for: path)
    try staged.commit()
  }

  /// The bytes of an 8-bit RGB PNG.
  /// - Throws: `VideoIOError` with `path` as its file.
  public static func pngBytes(_ image: RGBImage, _ path: String = "image.png") throws(VideoIOError) -> [UInt8] {
    do {
      let planes = (0..<3).map { c in
        SamplePlane.bytes(
          Plane(
            width: image.width, height: image.height,
            samples: image.pixels.map { UInt8(min(255, (UInt32($0[c]) + 128) >> 8)) }))
      }
      let shape = VideoShape(
        width: image.width, height: image.height, format: PixelFormat(.rgb), color: .fullRangeRGB,
        frameRate: Rational(25, 1), sampleAspectRatio: Rational(1, 1))
      let frame = try Frame(
        width: image.width, height: image.height, format: shape.format, color: shape.color, planes: planes)
      return try PNGEncoder(shape, path: path).encode(frame)
    } catch {
      throw VideoIOError(.internalFault, file: path, "the image could not be encoded", underlying: "\(error)")
    }
  }
}
