import CFFmpeg
import Imaging

/// Turns frames of one size and format into an encoder's pictures. Confined to one thread at a time.
final class PictureFeed {
  private let source: PixelFormat
  private let native: AVPixelFormat
  private let target: AVPixelFormat
  private let converter: PixelConverter?

  /// - Throws: `FFmpegError` where libswscale does not know the pair.
  init(
    width: Int, height: Int, from source: PixelFormat, _ color: ColorDescription, to target: AVPixelFormat,
    _ targetColor: ColorDescription
  ) throws(FFmpegError) {
    self.source = source
    self.target = target
    let isSame = Self.holds(target, source)
    native = isSame ? target : try Self.native(source)
    converter =
      isSame ? nil : try PixelConverter(width: width, height: height, from: native, color, to: target, targetColor)
  }

  func picture(_ frame: Frame) throws(FFmpegError) -> FFmpegFrame {
    let picture = try frame.ffmpegFrame(native)
    guard let converter else { return picture }
    return try converter.convert(picture)
  }

  private static func holds(_ target: AVPixelFormat, _ source: PixelFormat) -> Bool {
    guard let descriptor = PixelFormatDescriptor(target), PixelFormat(nearest: target) == source else { return false }
    return descriptor.transfer != .scaled && descriptor.components.allSatisfy { $0.depth == source.bitDepth }
  }

  private static func native(_ format: PixelFormat) throws(FFmpegError) -> AVPixelFormat {
    guard let native = format.ffmpegFormat else { throw FFmpegError(code: FFmpegCode.invalidData) }
    return native
  }
}
