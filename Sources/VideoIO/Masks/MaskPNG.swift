import CFFmpeg
import Imaging

/// Masks of one size as PNG images.
final class MaskPNG {
  enum Meaning {
    /// Indices into the DAVIS palette: the index is the label.
    case labels
    /// How far objects cover a pixel.
    case grey
  }

  let meaning: Meaning
  private let context: FFmpegCodecContext
  private let packet: FFmpegPacket
  private let width: Int
  private let height: Int
  private let format: AVPixelFormat

  /// - Throws: `FFmpegError` where this FFmpeg has no PNG encoder.
  init(_ meaning: Meaning, width: Int, height: Int) throws(FFmpegError) {
    self.meaning = meaning
    self.width = width
    self.height = height
    packet = try FFmpegPacket()
    format = meaning == .labels ? AV_PIX_FMT_PAL8 : AV_PIX_FMT_GRAY8
    context = try FFmpegCodecContext(still: AV_CODEC_ID_PNG, width: width, height: height, format: format)
    try context.open()
  }

  /// The bytes of a PNG file.
  /// - Precondition: the mask is of the encoder's size.
  func encode(_ mask: Plane<UInt8>) throws(FFmpegError) -> [UInt8] {
    precondition(mask.width == width && mask.height == height, "a mask of another size")
    let picture = try FFmpegFrame(width: width, height: height, format: format)
    guard let bytes = picture.pointer.pointee.data.0 else { throw FFmpegError(code: FFmpegCode.outOfMemory) }
    let stride = Int(picture.pointer.pointee.linesize.0)
    mask.samples.withUnsafeBufferPointer { samples in
      for y in 0..<height { (bytes + y * stride).update(from: samples.baseAddress! + y * width, count: width) }
    }
    if meaning == .labels {
      guard let palette = picture.pointer.pointee.data.1 else { throw FFmpegError(code: FFmpegCode.outOfMemory) }
      UnsafeMutableRawPointer(palette).copyMemory(from: PaletteColors.words, byteCount: 1024)
    }
    _ = try context.send(picture)
    guard case .ready = try context.receive(packet) else { throw FFmpegError(code: FFmpegCode.invalidData) }
    defer { packet.unreference() }
    return packet.bytes
  }
}
