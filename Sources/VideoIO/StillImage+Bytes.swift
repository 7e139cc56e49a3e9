import Imaging

extension StillImage {
  /// The bytes of a JPEG file.
  /// - Parameter quantizer: 1 (best)…31.
  /// - Throws: `VideoIOError.internalFault`.
  public static func jpegBytes(_ image: RGBImage, quantizer: Int = 4) throws(VideoIOError) -> [UInt8] {
    do {
      return try JPEGEncoder(width: image.width, height: image.height, quantizer: quantizer).encode(image)
    } catch {
      throw VideoIOError(
        .internalFault, file: "image.jpg", "the image could not be encoded", underlying: "\(error)")
    }
  }

  /// The bytes of an 8-bit grey PNG file.
  /// - Throws: `VideoIOError.internalFault`.
  public static func pngBytes(_ plane: Plane<UInt8>) throws(VideoIOError) -> [UInt8] {
    do {
      let shape = VideoShape(
        width: plane.width, height: plane.height, format: PixelFormat(.grey), color: ColorDescription(range: .full),
        frameRate: Rational(25, 1), sampleAspectRatio: Rational(1, 1))
      let frame = try Frame(
        width: plane.width, height: plane.height, format: shape.format, color: shape.color, planes: [.bytes(plane)])
      return try PNGEncoder(shape, path: "mask.png").encode(frame)
    } catch {
      throw VideoIOError(.internalFault, file: "mask.png", "the mask could not be encoded", underlying: "\(error)")
    }
  }
}
