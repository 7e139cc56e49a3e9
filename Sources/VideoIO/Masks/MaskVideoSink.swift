import Imaging

/// Masks as a video at the clip's frame rate: labels or a matte in grey (FFV1), a matte with alpha (ProRes 4444), or white on black.
final class MaskVideoSink: MaskSink {
  var warnings: [String] { sink.warnings }
  private let path: String
  private let sink: VideoSink
  private let info: MediaInfo
  private let style: Style
  private var count: Int64 = 0

  private enum Style {
    case labels, grey, matte, white

    init(_ container: Container, isSoft: Bool) {
      switch container {
      case .mov: self = .matte
      case .matroska, .avi: self = isSoft ? .grey : .labels
      case .mp4, .webm, .mpegts: self = .white
      }
    }

    var codec: EncodeSettings.Codec? {
      switch self {
      case .labels, .grey: .ffv1
      case .matte: .prores4444
      case .white: nil
      }
    }

    var format: PixelFormat {
      switch self {
      case .labels, .grey: PixelFormat(.grey)
      case .matte: PixelFormat(.yuv444, bitDepth: 10, hasAlpha: true)
      case .white: PixelFormat(.yuv420)
      }
    }
  }

  init(_ path: String, info: MediaInfo, range: ClosedRange<Int>, force: Bool, isSoft: Bool) throws(VideoIOError) {
    self.path = path
    let style = Style(try Container(path: path), isSoft: isSoft)
    self.style = style
    self.info = info.masks(style.format, count: range.count)
    sink = try VideoSink(
      path, source: self.info, range: 0...range.count - 1, times: (0, 0), settings: EncodeSettings(codec: style.codec),
      force: force)
  }

  func write(_ mask: Mask, alpha: Plane<UInt8>?) throws {
    let size = (width: info.width, height: info.height)
    guard mask.isAlike(alpha, size) else { throw VideoIOError.mismatch(mask, size, path, Int(count)) }
    try sink.write(try frame(mask, alpha), time: count, duration: 1)
    count += 1
  }

  func finish() throws { try sink.finish() }
  func cancel() { sink.cancel() }

  private func frame(_ mask: Mask, _ alpha: Plane<UInt8>?) throws -> Frame {
    try Frame(
      width: mask.width, height: mask.height, format: style.format, color: info.color, planes: planes(mask, alpha))
  }

  private func planes(_ mask: Mask, _ alpha: Plane<UInt8>?) -> [SamplePlane] {
    if style == .labels { return [.bytes(mask.labels)] }
    let alpha = alpha ?? mask.coverage()
    switch style {
    case .labels, .grey: return [.bytes(alpha)]
    case .matte:
      let middle = Plane<UInt16>(width: mask.width, height: mask.height, repeating: 512)
      return [
        .words(alpha.map { UInt16(64 + (Int($0) * 876 + 127) / 255) }), .words(middle), .words(middle),
        .words(alpha.map { UInt16((Int($0) * 1023 + 127) / 255) }),
      ]
    case .white:
      let size = style.format.planeSize(1, width: mask.width, height: mask.height)
      let middle = SamplePlane.bytes(Plane(width: size.width, height: size.height, repeating: 128))
      return [.bytes(alpha.map { UInt8(16 + (Int($0) * 219 + 127) / 255) }), middle, middle]
    }
  }
}

extension MediaInfo {
  /// What a video of this clip's masks is: upright, at a constant rate, and with nothing to copy from a file.
  fileprivate func masks(_ format: PixelFormat, count: Int) -> MediaInfo {
    var info = self
    (info.width, info.height, info.orientation) = (displayedWidth, displayedHeight, .upright)
    if orientation.swapsSides {
      info.sampleAspectRatio = Rational(sampleAspectRatio.denominator, sampleAspectRatio.numerator)
    }
    if !frameRate.isPositive { info.frameRate = Rational(25, 1) }
    info.timeBase = Rational(info.frameRate.denominator, info.frameRate.numerator)
    info.isVariableFrameRate = false
    info.format = format
    info.color = format.layout == .grey ? ColorDescription(range: .full) : .bt709
    info.frameCount = count
    info.container = "images"
    info.streams = []
    return info
  }
}
