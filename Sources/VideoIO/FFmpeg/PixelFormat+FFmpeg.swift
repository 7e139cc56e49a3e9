import CFFmpeg
import Imaging

/// How samples of an FFmpeg pixel format reach the planes of a `Frame`.
enum SampleTransfer {
  /// Each component lies in its own plane, in words of this machine: rows are copied.
  case planar
  /// Components are interleaved, shifted, of the other endianness or behind a palette: each is read out, without loss.
  case component
  /// The layout has no counterpart (4:1:1, float, XYZ, Bayer): libswscale converts.
  case scaled
}

extension PixelFormat {
  /// The format that holds `format` with the least change, or nil for formats without software samples.
  ///
  /// 4:1:1 becomes 4:2:2, 4:1:0 4:2:0, 4:4:0 4:4:4; less than 8 bits become 8, floats 16, palettes RGB with alpha.
  init?(nearest format: AVPixelFormat) {
    guard let descriptor = PixelFormatDescriptor(format), !descriptor.has(AV_PIX_FMT_FLAG_HWACCEL) else { return nil }
    let depth = descriptor.has(AV_PIX_FMT_FLAG_FLOAT) ? 16 : min(16, max(8, descriptor.maxDepth))
    self.init(descriptor.layout, bitDepth: depth, hasAlpha: descriptor.has(AV_PIX_FMT_FLAG_ALPHA))
  }

  /// FFmpeg's planar (grey with alpha: interleaved) format of this layout in this machine's byte order, where there is one.
  var ffmpegFormat: AVPixelFormat? {
    let format = av_get_pix_fmt(ffmpegName)
    return format == AV_PIX_FMT_NONE ? nil : format
  }

  private var ffmpegName: String {
    let deep = bitDepth == 8 ? "" : "\(bitDepth)"
    switch layout {
    case .grey: return hasAlpha ? "ya\(bitDepth)" : "gray\(bitDepth == 8 ? "" : deep)"
    case .yuv420: return (hasAlpha ? "yuva420p" : "yuv420p") + deep
    case .yuv422: return (hasAlpha ? "yuva422p" : "yuv422p") + deep
    case .yuv444: return (hasAlpha ? "yuva444p" : "yuv444p") + deep
    case .rgb: return (hasAlpha ? "gbrap" : "gbrp") + deep
    }
  }
}

/// What FFmpeg says of a pixel format.
struct PixelFormatDescriptor {
  let pointer: UnsafePointer<AVPixFmtDescriptor>
  let name: String

  init?(_ format: AVPixelFormat) {
    guard let pointer = av_pix_fmt_desc_get(format) else { return nil }
    self.pointer = pointer
    name = String(cString: pointer.pointee.name)
  }

  func has(_ flag: Int32) -> Bool { pointer.pointee.flags & UInt64(flag) != 0 }

  var components: [AVComponentDescriptor] {
    let all = pointer.pointee.comp
    return Array([all.0, all.1, all.2, all.3].prefix(Int(pointer.pointee.nb_components)))
  }

  var maxDepth: Int { components.map { Int($0.depth) }.max() ?? 8 }

  /// The old "J" formats of JPEG, whose range is full by definition.
  var isFullRangeByName: Bool { name.hasPrefix("yuvj") }

  var chromaShift: (x: Int, y: Int) { (Int(pointer.pointee.log2_chroma_w), Int(pointer.pointee.log2_chroma_h)) }

  var layout: PixelFormat.Layout {
    if has(AV_PIX_FMT_FLAG_PAL) || has(AV_PIX_FMT_FLAG_RGB) || isExotic { return .rgb }
    if components.count < 3 { return .grey }
    switch chromaShift {
    case (0, _): return .yuv444
    case (_, 0): return .yuv422
    default: return .yuv420
    }
  }

  private var isExotic: Bool { has(AV_PIX_FMT_FLAG_BAYER) || name.hasPrefix("xyz") }

  var transfer: SampleTransfer {
    if isExotic || has(AV_PIX_FMT_FLAG_FLOAT) { return .scaled }
    let shift = chromaShift
    let kept = PixelFormat(layout).chromaShift
    if components.count >= 3, !has(AV_PIX_FMT_FLAG_RGB), shift != kept { return .scaled }
    return isPlanarAndNative ? .planar : .component
  }

  private var isPlanarAndNative: Bool {
    if has(AV_PIX_FMT_FLAG_PAL) || has(AV_PIX_FMT_FLAG_BITSTREAM) { return false }
    if maxDepth > 8, has(AV_PIX_FMT_FLAG_BE) == (UInt16(1).littleEndian == 1) { return false }
    let bytes = maxDepth > 8 ? 2 : 1
    return components.enumerated().allSatisfy { index, component in
      component.step == bytes && component.shift == 0 && component.depth == maxDepth && maxDepth >= 8
        && component.offset == 0 && !components[..<index].contains { $0.plane == component.plane }
    }
  }
}

extension PixelFormat {
  /// Bytes of a frame's samples.
  func byteCount(width: Int, height: Int) -> Int {
    (0..<planeCount).reduce(0) { total, index in
      let size = planeSize(index, width: width, height: height)
      return total + size.width * size.height * (bitDepth == 8 ? 1 : 2)
    }
  }
}
