import Imaging

/// The images of a folder as a clip, in natural name order. Confined to one thread at a time.
///
/// All images must have the size and pixel format of the first; grey ones are widened where the first is RGB, and
/// images without alpha made opaque where the first has it.
public final class ImageFolderSource: FrameSource {
  public let info: MediaInfo
  public let damage = Damage()

  private let folder: String
  private let names: [String]
  private let limits: MediaLimits
  private var cache: FrameCache

  /// - Throws: `VideoIOError`: `.mismatch` naming the file where sizes differ or the numbering has gaps.
  public init(
    _ folder: String, limits: MediaLimits = MediaLimits(), cacheBytes: Int = 256 << 20,
    frameRate: Rational = Rational(25, 1)
  ) throws(VideoIOError) {
    let listing = try ImageListing(folder)
    if listing.names.count > limits.frames {
      throw VideoIOError(
        .overLimit, file: folder, "\(listing.names.count) images; raise --max-frames to read more than \(limits.frames)"
      )
    }
    let rate = frameRate.numerator > 0 && frameRate.denominator > 0 ? frameRate.reduced : Rational(25, 1)
    if Double(listing.names.count) / rate.value > limits.duration {
      throw VideoIOError(
        .overLimit, file: folder, "longer than \(Int(limits.duration)) seconds; raise --max-duration to read it")
    }
    try Self.checkSizes(folder, listing.names)
    self.folder = folder
    self.limits = limits
    names = listing.names
    info = try Self.describe(folder, listing, rate, StillImage(folder + "/" + listing.names[0], limits: limits))
    cache = FrameCache(capacity: cacheBytes / info.format.byteCount(width: info.width, height: info.height))
  }

  public func time(at index: Int) -> (time: Int64, duration: Int64) { (Int64(index), 1) }

  public func frame(at index: Int) throws -> TimedFrame {
    guard names.indices.contains(index) else {
      throw VideoIOError(.badData, file: folder, frame: index, "there are \(names.count) images, counted from 0")
    }
    if let frame = cache.frame(index) { return frame }
    let frame = TimedFrame(frame: try image(index), index: index, time: Int64(index), duration: 1)
    cache.insert(frame)
    return frame
  }

  private func image(_ index: Int) throws -> Frame {
    let path = folder + "/" + names[index]
    let image = try StillImage(path, limits: limits)
    let picture = image.picture
    guard picture.width == info.width, picture.height == info.height else {
      throw Self.mismatch(path, index, (picture.width, picture.height), (info.width, info.height), names[0])
    }
    guard image.orientation == info.orientation else {
      throw VideoIOError(.mismatch, file: path, frame: index, "turned otherwise than \(names[0])")
    }
    guard let format = picture.deliveredFormat else {
      throw VideoIOError(.unsupported, file: path, frame: index, "the pixel format cannot be read")
    }
    let frame: Frame
    do {
      frame = try picture.frame(as: format, color: info.color)
    } catch {
      throw VideoIOError(.unsupported, file: path, frame: index, "the pixel format cannot be read")
    }
    guard let widened = try frame.widened(to: info.format) else {
      throw VideoIOError(
        .mismatch, file: path, frame: index, "of another pixel format (\(format.summary)) than \(names[0]) (\(info.format.summary))")
    }
    return widened
  }

  private static func checkSizes(_ folder: String, _ names: [String]) throws(VideoIOError) {
    guard let first = ImageHeader(path: folder + "/" + names[0]) else { return }
    for (index, name) in names.enumerated() {
      let path = folder + "/" + name
      guard let header = ImageHeader(path: path), header != first else { continue }
      throw mismatch(path, index, (header.width, header.height), (first.width, first.height), names[0])
    }
  }

  private static func mismatch(
    _ path: String, _ index: Int, _ size: (Int, Int), _ expected: (Int, Int), _ first: String
  ) -> VideoIOError {
    VideoIOError(
      .mismatch, file: path, frame: index,
      "\(size.0)x\(size.1), but \(first) is \(expected.0)x\(expected.1); all images of a folder must be of one size")
  }

  private static func describe(
    _ folder: String, _ listing: ImageListing, _ rate: Rational, _ first: StillImage
  ) throws(VideoIOError) -> MediaInfo {
    guard let format = first.picture.deliveredFormat else {
      throw VideoIOError(
        .unsupported, file: folder + "/" + listing.names[0], frame: 0, "the pixel format cannot be read")
    }
    let count = listing.names.count
    return MediaInfo(
      path: folder, container: "images", codec: first.codec, width: first.picture.width, height: first.picture.height,
      orientation: first.orientation, sampleAspectRatio: first.sampleAspectRatio, format: format,
      color: ColorDescription(first.picture), frameRate: rate, isVariableFrameRate: false, isInterlaced: false,
      timeBase: Rational(rate.denominator, rate.numerator), frameCount: count, duration: Double(count) / rate.value,
      startTime: 0, streams: [MediaInfo.Stream(index: 0, kind: .video, codec: first.codec, language: nil)],
      chapterCount: 0, warnings: warnings(listing.ignored))
  }

  private static func warnings(_ ignored: [String]) -> [String] {
    guard let first = ignored.first else { return [] }
    let rest = ignored.count > 1 ? " and \(ignored.count - 1) more" : ""
    return ["\(first)\(rest) in the folder: no image, left out."]
  }
}

extension Frame {
  /// This frame in `format` where that takes no more than repeating grey or adding opaque alpha; nil otherwise.
  fileprivate func widened(to format: PixelFormat) throws -> Frame? {
    if self.format == format { return self }
    guard self.format.bitDepth == format.bitDepth, format.hasAlpha || !self.format.hasAlpha,
      self.format.layout == format.layout || (self.format.layout == .grey && format.layout == .rgb)
    else { return nil }
    var colors = Array(planes.prefix(self.format.colorPlaneCount))
    if colors.count < format.colorPlaneCount { colors = Array(repeating: colors[0], count: 3) }
    let alpha = self.format.hasAlpha ? planes.last : .opaque(width, height, format)
    return try Frame(
      width: width, height: height, format: format, color: color, planes: colors + (format.hasAlpha ? [alpha!] : []))
  }
}

extension SamplePlane {
  fileprivate static func opaque(_ width: Int, _ height: Int, _ format: PixelFormat) -> SamplePlane {
    format.bitDepth == 8
      ? .bytes(Plane(width: width, height: height, repeating: 255))
      : .words(Plane(width: width, height: height, repeating: UInt16(format.maxValue)))
  }
}
