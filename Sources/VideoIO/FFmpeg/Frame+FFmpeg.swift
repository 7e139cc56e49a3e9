import CFFmpeg
import Imaging

extension FFmpegFrame {
  /// Whether some pixel of a paletted picture may be other than opaque.
  var hasTransparentPalette: Bool {
    guard let palette = pointer.pointee.data.1 else { return false }
    return palette.withMemoryRebound(to: UInt32.self, capacity: 256) { entries in
      (0..<256).contains { entries[$0] >> 24 != 255 }
    }
  }

  /// The format in which this picture is delivered; nil where its samples cannot be read.
  var deliveredFormat: PixelFormat? {
    guard var format = PixelFormat(nearest: pixelFormat) else { return nil }
    if pixelFormat == AV_PIX_FMT_PAL8 { format.hasAlpha = hasTransparentPalette }
    return format
  }

  /// Copies the samples out, without loss for all but the `scaled` formats.
  ///
  /// Samples above the format's largest value, which only damaged files hold, are clamped to it.
  func frame(as format: PixelFormat, color: ColorDescription) throws -> Frame {
    guard let descriptor = PixelFormatDescriptor(pixelFormat) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    switch descriptor.transfer {
    case .planar, .component:
      let reader = try ComponentReader(self, descriptor, format)
      return try Frame(
        width: width, height: height, format: format, color: color,
        planes: (0..<format.planeCount).map { reader.plane($0) })
    case .scaled:
      guard let target = format.ffmpegFormat else { throw FFmpegError(code: FFmpegCode.invalidData) }
      let converter = try PixelConverter(
        width: width, height: height, from: pixelFormat, color, to: target, color)
      return try converter.convert(self).frame(as: format, color: color)
    }
  }
}

extension Frame {
  /// A picture of FFmpeg's with the same samples.
  /// - Parameter format: this frame's planar format, or one that interleaves the same components (`rgb24`, `p010le`).
  /// - Throws: `FFmpegError` where `format` cannot hold the frame without loss.
  func ffmpegFrame(_ format: AVPixelFormat) throws(FFmpegError) -> FFmpegFrame {
    guard let descriptor = PixelFormatDescriptor(format), PixelFormat(nearest: format) == self.format,
      descriptor.transfer != .scaled, format != AV_PIX_FMT_PAL8,
      descriptor.components.allSatisfy({ $0.depth == self.format.bitDepth })
    else { throw FFmpegError(code: FFmpegCode.invalidData) }
    let picture = try FFmpegFrame(width: width, height: height, format: format)
    ComponentWriter(picture, descriptor).write(planes)
    color.apply(to: picture)
    return picture
  }
}
