import CFFmpeg
import Imaging

/// Pictures of one size as baseline JPEG (ITU-T T.81), 4:2:0, full range BT.601 as JFIF has it.
final class JPEGEncoder {
  private let context: FFmpegCodecContext
  private let packet: FFmpegPacket
  private let quantizer: Int32

  /// - Parameter quantizer: FFmpeg's scale, 1 (best)…31.
  /// - Throws: `FFmpegError` where this FFmpeg has no JPEG encoder.
  init(width: Int, height: Int, quantizer: Int) throws(FFmpegError) {
    self.quantizer = Int32(clamping: max(1, min(31, quantizer))) * FF_QP2LAMBDA
    packet = try FFmpegPacket()
    context = try FFmpegCodecContext(still: AV_CODEC_ID_MJPEG, width: width, height: height, format: AV_PIX_FMT_YUVJ420P)
    context.pointer.pointee.global_quality = self.quantizer
    context.pointer.pointee.flags |= AV_CODEC_FLAG_QSCALE
    try context.open()
  }

  /// The bytes of a JPEG file.
  func encode(_ image: RGBImage) throws -> [UInt8] {
    let color = ColorDescription(range: .full, matrixCode: 6, siting: .center)
    let picture = try Frame(image, format: PixelFormat(.yuv420), color: color).ffmpegFrame(AV_PIX_FMT_YUVJ420P)
    picture.pointer.pointee.quality = quantizer
    picture.pointer.pointee.pts = 0
    _ = try context.send(picture)
    _ = try context.send(FFmpegFrame?.none)
    guard case .ready = try context.receive(packet) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    defer { packet.unreference() }
    return packet.bytes
  }
}
