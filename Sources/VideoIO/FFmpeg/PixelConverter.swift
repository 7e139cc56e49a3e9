import CFFmpeg
import Imaging

/// libswscale between two pixel formats at one size, bit-exact on every machine. Confined to one thread at a time.
final class PixelConverter {
  private let context: OpaquePointer
  private let target: AVPixelFormat

  /// - Parameters:
  ///   - color: what the source's samples mean.
  ///   - targetColor: what the samples are to mean after.
  init(
    width: Int, height: Int, from source: AVPixelFormat, _ color: ColorDescription, to target: AVPixelFormat,
    _ targetColor: ColorDescription
  ) throws(FFmpegError) {
    let flags = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP
    let size = (Int32(clamping: width), Int32(clamping: height))
    guard let context = sws_getContext(size.0, size.1, source, size.0, size.1, target, flags, nil, nil, nil) else {
      throw FFmpegError(code: FFmpegCode.invalidData)
    }
    self.context = context
    self.target = target
    let layouts = (PixelFormatDescriptor(source)?.layout ?? .rgb, PixelFormatDescriptor(target)?.layout ?? .rgb)
    sws_setColorspaceDetails(
      context, Self.coefficients(color, width, height), Self.isFull(color, layouts.0),
      Self.coefficients(targetColor, width, height), Self.isFull(targetColor, layouts.1), 0, 1 << 16, 1 << 16)
  }

  deinit { sws_freeContext(context) }

  func convert(_ frame: FFmpegFrame) throws(FFmpegError) -> FFmpegFrame {
    let converted = try FFmpegFrame(width: frame.width, height: frame.height, format: target)
    try FFmpegError.check(sws_scale_frame(context, converted.pointer, frame.pointer))
    return converted
  }

  private static func coefficients(_ color: ColorDescription, _ width: Int, _ height: Int) -> UnsafePointer<Int32>? {
    switch color.resolvedMatrix(width: width, height: height) {
    case .bt601: sws_getCoefficients(SWS_CS_ITU601)
    case .bt709: sws_getCoefficients(SWS_CS_ITU709)
    case .bt2020: sws_getCoefficients(SWS_CS_BT2020)
    }
  }

  private static func isFull(_ color: ColorDescription, _ layout: PixelFormat.Layout) -> Int32 {
    color.resolvedRange(for: layout) == .full ? 1 : 0
  }
}
