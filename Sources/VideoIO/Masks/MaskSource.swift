import Foundation
import Imaging

/// Masks of a clip's frames: a folder or a zip of label maps, a mask video, or one image for all frames.
///
/// All masks are in the displayed orientation. Confined to one thread at a time; nothing but the last mask is kept.
public final class MaskSource {
  /// Whether one mask holds for all frames.
  public let isStill: Bool
  private let path: String
  private let width: Int
  private let height: Int
  private let allowRescale: Bool
  private let reader: any MaskReader
  private let range: ClosedRange<Int>
  private var notes: [String]
  private var last: (index: Int, mask: Mask)?
  private var read = 0
  private var readEmpty = 0

  /// Sentences for the user. More may come with every mask that is read.
  public var warnings: [String] {
    guard read > 0, readEmpty == read else { return notes }
    return notes + [read == 1 ? "the mask marks nothing" : "none of the \(read) masks marks anything"]
  }

  /// - Parameters:
  ///   - width: of the displayed frames, as `height`.
  ///   - frameCount: of the whole clip.
  ///   - allowRescale: whether masks of another size are scaled to the frame, each label from the nearest pixel.
  ///   - range: the frames that will be asked for; nil for all. A sequence may hold one mask for each of these, or
  ///     one for each frame of the clip, or be named by frame numbers.
  /// - Throws: `VideoIOError`: `.mismatch` for a wrong size, missing frames (which are named), and for what is no mask.
  public static func open(
    _ path: String, width: Int, height: Int, frameCount: Int, allowRescale: Bool = false,
    limits: MediaLimits = MediaLimits(), range: ClosedRange<Int>? = nil
  ) throws(VideoIOError) -> MaskSource {
    let range = range ?? 0...max(0, frameCount - 1)
    let reader = try makeReader(path, frameCount, range, limits)
    let source = MaskSource(path, reader, width, height, allowRescale, range)
    _ = try source.mask(at: range.lowerBound)
    return source
  }

  private init(
    _ path: String, _ reader: any MaskReader, _ width: Int, _ height: Int, _ allowRescale: Bool,
    _ range: ClosedRange<Int>
  ) {
    self.path = path
    self.reader = reader
    self.width = width
    self.height = height
    self.allowRescale = allowRescale
    self.range = range
    isStill = reader.isStill
    notes = reader.warnings
  }

  /// The mask of a frame of the clip, counted from 0 in the whole clip.
  /// - Throws: `VideoIOError`: `.mismatch` for a wrong size, a missing frame, or a picture that is no mask.
  public func mask(at index: Int) throws(VideoIOError) -> Mask {
    let wanted = isStill ? 0 : index
    if let last, last.index == wanted { return last.mask }
    let image = try reader.mask(at: index)
    if let warning = image.warning, !notes.contains(warning) { notes.append(warning) }
    let mask = try fitted(image.mask, index)
    read += 1
    if mask.isEmpty { readEmpty += 1 }
    last = (wanted, mask)
    return mask
  }

  private func fitted(_ mask: Mask, _ index: Int) throws(VideoIOError) -> Mask {
    if mask.width == width, mask.height == height { return mask }
    guard allowRescale else {
      throw VideoIOError(
        .mismatch, file: path, frame: isStill ? nil : index,
        "the mask is \(mask.width)x\(mask.height) and the frames are \(width)x\(height)")
    }
    let note = "masks of \(mask.width)x\(mask.height) are scaled to \(width)x\(height)"
    if !notes.contains(note) { notes.append(note) }
    return mask.resized(width: width, height: height)
  }

  private static func makeReader(
    _ path: String, _ frameCount: Int, _ range: ClosedRange<Int>, _ limits: MediaLimits
  ) throws(VideoIOError) -> any MaskReader {
    if try InputFile.kind(of: path) == .folder {
      let listing = try ImageListing(path)
      let order = try MaskOrder(listing.names, frameCount, range, path)
      return FolderMasks(folder: path, names: listing.names, order: order, limits: limits)
    }
    if try isZip(path, limits) { return try ZipMasks(path, frameCount, range, limits) }
    do throws(VideoIOError) {
      let image = try LabelImage(StillImage(path, limits: limits), file: path)
      return StillMask(image: image)
    } catch  where error.code == .badData || error.code == .refused {
      return try VideoMasks(path, frameCount, range, limits)
    }
  }

  private static func isZip(_ path: String, _ limits: MediaLimits) throws(VideoIOError) -> Bool {
    guard try InputFile.kind(of: path) == .regular else { return false }
    let file = try InputFile(path, limits: limits)
    var start = [UInt8](repeating: 0, count: 4)
    return file.read(at: 0, into: &start, count: 4) == 4 && start.starts(with: [0x50, 0x4B])
  }
}
