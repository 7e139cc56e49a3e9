import CFFmpeg
import Imaging

/// A picture read as a map of labels.
struct LabelImage {
  let mask: Mask
  let warning: String?

  /// Palette indices are labels, unless all colours in use are black, white or clear; grey as `GreyLabels` says; RGB of
  /// the DAVIS palette's colours are its labels; where only alpha says something, what is opaque is object 1; JPEG is
  /// cut at 127.
  /// - Throws: `VideoIOError.mismatch` that says what the image holds.
  init(_ image: StillImage, file: String, frame index: Int? = nil) throws(VideoIOError) {
    if let indices = image.picture.paletteIndices, let white = image.picture.whiteShare(of: indices) {
      self.init(mask: Mask(labels: image.orientation.displayed(white)), warning: nil)
      return
    }
    if let indices = image.picture.paletteIndices, !image.picture.isGreyRamp(for: indices) {
      self.init(mask: Mask(labels: image.orientation.displayed(indices)), warning: nil)
      return
    }
    guard let format = image.picture.deliveredFormat,
      let frame = try? image.picture.frame(as: format, color: ColorDescription(image.picture))
    else { throw VideoIOError(.unsupported, file: file, frame: index, "the mask's pixel format cannot be read") }
    let read = try LabelImage(frame, isLossy: image.codec == "mjpeg", file: file, frame: index)
    self.init(mask: image.orientation.displayed(read.mask), warning: read.warning)
  }

  /// - Parameter isLossy: whether values near black and white stand for them.
  init(_ frame: Frame, isLossy: Bool, file: String, frame index: Int?) throws(VideoIOError) {
    let reader = FrameLabels(frame: frame) { VideoIOError(.mismatch, file: file, frame: index, "as a mask: \($0)") }
    if let opaque = reader.opacity {
      self.init(mask: opaque, warning: nil)
      return
    }
    if isLossy || (frame.format.layout != .grey && frame.format.layout != .rgb) {
      self.init(mask: try reader.thresholded(), warning: nil)
      return
    }
    let labels = try frame.format.layout == .grey ? reader.grey(0) : reader.colors()
    self.init(mask: labels.mask, warning: labels.warning)
  }

  /// A coded picture's labels as they are displayed.
  init(_ coded: LabelImage, displayed orientation: Orientation) {
    self.init(mask: orientation.displayed(coded.mask), warning: coded.warning)
  }

  private init(mask: Mask, warning: String?) {
    self.mask = mask
    self.warning = warning
  }
}

/// The readings of a frame's planes.
private struct FrameLabels {
  let frame: Frame
  let describe: (String) -> VideoIOError

  /// Object 1 where alpha is above half, if alpha varies; nil where there is none, or all is opaque or colours say more.
  var opacity: Mask? {
    guard frame.format.hasAlpha, let alpha = frame.planes.last else { return nil }
    let half = frame.format.maxValue / 2
    let mask = alpha.cut(above: half)
    guard mask.area < mask.labels.samples.count else { return nil }
    if frame.format.layout == .rgb, let labels = try? colors(), Set(labels.mask.objects).subtracting([1]) != [] {
      return Mask(
        labels: Plane(
          width: mask.width, height: mask.height,
          samples: zip(labels.mask.labels.samples, mask.labels.samples).map { $1 == 0 ? 0 : $0 }))
    }
    return mask
  }

  func grey(_ plane: Int) throws(VideoIOError) -> GreyLabels {
    switch frame.planes[plane] {
    case .bytes(let plane): try GreyLabels(plane, maxValue: 255, describe)
    case .words(let plane): try GreyLabels(plane, maxValue: frame.format.maxValue, describe)
    }
  }

  /// Luma, or the mean of R, G and B, cut in the middle.
  func thresholded() throws(VideoIOError) -> Mask {
    let planes = frame.format.layout == .rgb ? 3 : 1
    let (half, quarter) = (frame.format.maxValue / 2, frame.format.maxValue / 4)
    var labels = Plane<UInt8>(width: frame.width, height: frame.height, repeating: 0)
    var between = 0
    for y in 0..<frame.height {
      for x in 0..<frame.width {
        var sum = 0
        for plane in 0..<planes { sum += frame.planes[plane][x, y] }
        let value = sum / planes
        if value > half { labels[x, y] = 1 }
        if value > quarter, value < 3 * quarter { between += 1 }
      }
    }
    if between * 4 > frame.width * frame.height {
      throw describe("a picture with many values between black and white, which is no mask")
    }
    return Mask(labels: labels)
  }

  /// RGB: the colours of the DAVIS palette, or grey.
  func colors() throws(VideoIOError) -> GreyLabels {
    let isGrey = frame.planes[0] == frame.planes[1] && frame.planes[1] == frame.planes[2]
    if let labels = PaletteColors.labels(of: frame) {
      return labels.isEmpty && isGrey ? try grey(0) : GreyLabels(labels)
    }
    if isGrey { return try grey(0) }
    throw describe(
      "an RGB picture whose colours are not those of the DAVIS palette; use a map of labels or black and white")
  }
}

extension GreyLabels {
  fileprivate init(_ mask: Mask) {
    self.mask = mask
    warning = nil
  }
}

extension SamplePlane {
  fileprivate func cut(above limit: Int) -> Mask {
    switch self {
    case .bytes(let plane): Mask(labels: plane.map { Int($0) > limit ? 1 : 0 })
    case .words(let plane): Mask(labels: plane.map { Int($0) > limit ? 1 : 0 })
    }
  }
}

extension FFmpegFrame {
  /// The indices of a paletted picture.
  fileprivate var paletteIndices: Plane<UInt8>? {
    guard pixelFormat == AV_PIX_FMT_PAL8, let data = pointer.pointee.data.0, width > 0, height > 0 else { return nil }
    let stride = Int(pointer.pointee.linesize.0)
    var samples: [UInt8] = []
    samples.reserveCapacity(width * height)
    for y in 0..<height { samples.append(contentsOf: UnsafeBufferPointer(start: data + y * stride, count: width)) }
    return Plane(width: width, height: height, samples: samples)
  }

  /// 1 where the palette's colour is white and 0 where it is black or clear; nil where other colours are in use, or one alone.
  fileprivate func whiteShare(of indices: Plane<UInt8>) -> Plane<UInt8>? {
    guard let palette = pointer.pointee.data.1 else { return nil }
    return palette.withMemoryRebound(to: UInt32.self, capacity: 256) { words in
      let values = (0..<256).map { index -> UInt8? in
        if words[index] >> 24 == 0 { return 0 }
        return words[index] & 0xFF_FFFF == 0xFF_FFFF ? 1 : words[index] & 0xFF_FFFF == 0 ? 0 : nil
      }
      let used = Set(indices.samples)
      guard used.count > 1, used.allSatisfy({ values[Int($0)] != nil }) else { return nil }
      return indices.map { values[Int($0)] ?? 0 }
    }
  }

  /// Whether the palette says that each index in use is a grey level: how BMP and GIF hold grey.
  fileprivate func isGreyRamp(for indices: Plane<UInt8>) -> Bool {
    guard let palette = pointer.pointee.data.1, indices.samples.contains(255) else { return false }
    return palette.withMemoryRebound(to: UInt32.self, capacity: 256) { words in
      indices.samples.allSatisfy { words[Int($0)] & 0xFF_FFFF == UInt32($0) * 0x01_0101 }
    }
  }
}
