import Imaging

/// A kind of file that masks come from.
protocol MaskReader: AnyObject {
  var isStill: Bool { get }
  var warnings: [String] { get }
  /// - Parameter index: of the clip's frame.
  func mask(at index: Int) throws(VideoIOError) -> LabelImage
}

/// Which entry of a sequence belongs to a frame.
struct MaskOrder {
  private let places: [Int: Int]?
  private let offset: Int
  private let count: Int
  let warnings: [String]

  /// One entry a frame of the clip, or one a frame of the range, or else entries named by frame number.
  /// - Throws: `VideoIOError.mismatch` naming the frames that have no mask.
  init(_ names: [String], _ frameCount: Int, _ range: ClosedRange<Int>, _ path: String) throws(VideoIOError) {
    count = names.count
    if names.count == frameCount || names.count == range.count {
      (places, offset, warnings) = (nil, names.count == frameCount ? 0 : range.lowerBound, [])
      return
    }
    let numbers = names.map { NumberedName($0)?.number }
    var places: [Int: Int] = [:]
    for (place, number) in numbers.enumerated() {
      if let number { places[number] = place }
    }
    let missing = range.filter { places[$0] == nil }
    guard missing.isEmpty else {
      let shown = missing.prefix(5).map(String.init).joined(separator: ", ") + (missing.count > 5 ? ", …" : "")
      throw VideoIOError(
        .mismatch, file: path, frame: missing[0],
        "\(names.count) masks for \(range.count) frames; by their numbers, frames without a mask are \(shown)")
    }
    self.places = places
    offset = 0
    warnings = ["\(names.count) masks for \(range.count) frames: they are taken by the numbers in their names"]
  }

  /// For a sequence without names.
  init(count: Int, _ frameCount: Int, _ range: ClosedRange<Int>, _ path: String) throws(VideoIOError) {
    guard count == frameCount || count == range.count else {
      throw VideoIOError(
        .mismatch, file: path, frame: min(count, frameCount),
        "\(count) masks for \(range.count) frames: frames from \(min(count, range.upperBound)) on have none or too many"
      )
    }
    self.count = count
    places = nil
    offset = count == frameCount ? 0 : range.lowerBound
    warnings = []
  }

  func place(of frame: Int, _ path: String) throws(VideoIOError) -> Int {
    if let places {
      if let place = places[frame] { return place }
    } else if (0..<count).contains(frame - offset) {
      return frame - offset
    }
    throw VideoIOError(.mismatch, file: path, frame: frame, "there is no mask for frame \(frame)")
  }
}

final class StillMask: MaskReader {
  let isStill = true
  let warnings: [String] = []
  private let image: LabelImage

  init(image: LabelImage) { self.image = image }

  func mask(at index: Int) -> LabelImage { image }
}

final class FolderMasks: MaskReader {
  let isStill = false
  var warnings: [String] { order.warnings }
  private let folder: String
  private let names: [String]
  private let order: MaskOrder
  private let limits: MediaLimits

  init(folder: String, names: [String], order: MaskOrder, limits: MediaLimits) {
    self.folder = folder
    self.names = names
    self.order = order
    self.limits = limits
  }

  func mask(at index: Int) throws(VideoIOError) -> LabelImage {
    let path = folder + "/" + names[try order.place(of: index, folder)]
    return try LabelImage(StillImage(path, limits: limits), file: path, frame: index)
  }
}

final class ZipMasks: MaskReader {
  let isStill = false
  var warnings: [String] { order.warnings }
  private let path: String
  private let zip: ZipReader
  private let order: MaskOrder
  /// The zip's entry for each place in natural order.
  private let entries: [Int]
  private let limits: MediaLimits

  init(_ path: String, _ frameCount: Int, _ range: ClosedRange<Int>, _ limits: MediaLimits) throws(VideoIOError) {
    self.path = path
    self.limits = limits
    zip = try ZipReader(path, limits: limits)
    let names = zip.names
    entries = names.indices.sorted { ImageListing.isBefore(names[$0], names[$1]) }
    // A slash before the names, so that none is taken for hidden.
    let listing = try ImageListing(names.map { "/" + $0 }, of: path)
    order = try MaskOrder(listing.names, frameCount, range, path)
  }

  func mask(at index: Int) throws(VideoIOError) -> LabelImage {
    let entry = entries[try order.place(of: index, path)]
    let name = path + ": " + zip.names[entry]
    let file = try InputFile(bytes: try zip.image(entry), named: name)
    return try LabelImage(StillImage(file, limits: limits), file: name, frame: index)
  }
}

/// A mask video: labels where a lossless codec holds grey or RGB, and otherwise object 1 where it is bright.
final class VideoMasks: MaskReader {
  let isStill: Bool
  var warnings: [String] { order.warnings }
  private let path: String
  private let source: any FrameSource
  private let order: MaskOrder
  private let isLossy: Bool

  private static let lossless: Set<String> = [
    "ffv1", "png", "apng", "gif", "huffyuv", "ffvhuff", "utvideo", "rawvideo", "qtrle", "magicyuv",
  ]

  init(_ path: String, _ frameCount: Int, _ range: ClosedRange<Int>, _ limits: MediaLimits) throws(VideoIOError) {
    self.path = path
    source = try MediaSource.open(path, limits: limits)
    isStill = source.info.frameCount == 1
    isLossy = !Self.lossless.contains(source.info.codec)
    order = try MaskOrder(count: isStill ? frameCount : source.info.frameCount, frameCount, range, path)
  }

  func mask(at index: Int) throws(VideoIOError) -> LabelImage {
    let frame: Frame
    do {
      frame = try source.frame(at: isStill ? 0 : try order.place(of: index, path)).frame
    } catch let error as VideoIOError {
      throw error
    } catch {
      throw VideoIOError(.badData, file: path, frame: index, "the mask cannot be read", underlying: "\(error)")
    }
    let image = try LabelImage(frame, isLossy: isLossy, file: path, frame: index)
    return LabelImage(image, displayed: source.info.orientation)
  }
}
