import CFFmpeg
import Imaging

/// Frames of one size and format as PNG images: 8-bit sources as 8 bits, deeper ones as 16, Y'CbCr as RGB.
final class PNGEncoder {
  let warnings: [String]
  private let encoder: VideoEncoder

  /// - Throws: `FFmpegError`; `VideoIOError.unsupported`.
  init(_ shape: VideoShape, path: String) throws {
    let plan = try EncoderPlan(
      .png, source: shape.format, width: shape.width, height: shape.height, color: shape.color, path: path)
    warnings = plan.warnings
    encoder = try VideoEncoder(
      plan, source: shape, settings: EncodeSettings(codec: .png), needsGlobalHeader: false, allowsReordering: false)
  }

  /// The bytes of a PNG file.
  func encode(_ frame: Frame) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try encoder.encode(frame) { bytes = $0.bytes }
    return bytes
  }
}

extension FFmpegPacket {
  var bytes: [UInt8] {
    guard let data = pointer.pointee.data else { return [] }
    return Array(UnsafeBufferPointer(start: data, count: Int(pointer.pointee.size)))
  }
}
