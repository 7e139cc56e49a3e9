import CFFmpeg
import Imaging

/// Masks of one size as indexed PNG images with the DAVIS palette: the index is the label.
final class IndexedPNG {
  private let context: FFmpegCodecContext
  private let packet: FFmpegPacket
  private let width: Int
  private let height: Int

  /// - Throws: `FFmpegError` where this FFmpeg has no PNG encoder.
  init(width: Int, height: Int) throws(FFmpegError) {
    FFmpegLog.capture()
    guard let codec = avcodec_find_encoder(AV_CODEC_ID_PNG) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    self.width = width
    self.height = height
    packet = try FFmpegPacket()
    context = try FFmpegCodecContext(codec)
    context.pointer.pointee.width = Int32(clamping: width)
    context.pointer.pointee.height = Int32(clamping: height)
    context.pointer.pointee.pix_fmt = AV_PIX_FMT_PAL8
    context.pointer.pointee.time_base = AVRational(num: 1, den: 25)
    context.pointer.pointee.thread_count = 1
    context.pointer.pointee.flags |= AV_CODEC_FLAG_BITEXACT
    try context.open()
  }

  /// The bytes of a PNG file.
  /// - Precondition: the mask is of the encoder's size.
  func encode(_ mask: Mask) throws(FFmpegError) -> [UInt8] {
    precondition(mask.width == width && mask.height == height, "a mask of another size")
    let picture = try FFmpegFrame(width: width, height: height, format: AV_PIX_FMT_PAL8)
    guard let indices = picture.pointer.pointee.data.0, let palette = picture.pointer.pointee.data.1 else {
      throw FFmpegError(code: FFmpegCode.outOfMemory)
    }
    let stride = Int(picture.pointer.pointee.linesize.0)
    mask.labels.samples.withUnsafeBufferPointer { samples in
      for y in 0..<height { (indices + y * stride).update(from: samples.baseAddress! + y * width, count: width) }
    }
    UnsafeMutableRawPointer(palette).copyMemory(from: PaletteColors.words, byteCount: 1024)
    _ = try context.send(picture)
    guard case .ready = try context.receive(packet) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    defer { packet.unreference() }
    return packet.bytes
  }
}
