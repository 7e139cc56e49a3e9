import Imaging

/// Where masks go, one for each frame of a range, in order. Confined to one thread at a time.
///
/// Nothing stands under the final name before `finish`; what was written is removed by `cancel`.
public protocol MaskSink: AnyObject {
  var warnings: [String] { get }
  /// - Parameters:
  ///   - mask: in the displayed orientation and size.
  ///   - alpha: of the mask's size, how far each pixel is covered by objects, 0…255; nil for a mask with hard edges. Counts
  ///     where the output holds coverage rather than labels.
  /// - Throws: `VideoIOError`: `.mismatch` for a mask of another size, `.cannotWrite`.
  func write(_ mask: Mask, alpha: Plane<UInt8>?) throws
  func finish() throws
  func cancel()
}

extension MaskSink {
  /// Writes a mask with hard edges.
  public func write(_ mask: Mask) throws { try write(mask, alpha: nil) }
}

/// Opens outputs for masks.
public enum MaskOutput {
  /// Opens an output by the name of `path`:
  /// - a folder (ending in `/`, or existing): indexed PNG maps of labels, named by frame number (`00042.png`);
  /// - `.zip`: the same maps in a zip;
  /// - `.png`: one map, for a range of one frame;
  /// - `.mov`: ProRes 4444, all objects white and opaque on clear black;
  /// - `.mkv`, `.avi`: FFV1, whose grey values are the labels, without loss;
  /// - other videos: all objects white on black.
  /// - Parameter isSoft: mattes in place of label maps: what would hold labels holds how far all objects together cover each
  ///   pixel, in 8 bits of grey, 255 for wholly.
  /// - Throws: `VideoIOError`: `.badRequest`, `.exists`, `.cannotWrite`, `.unsupported`, `.mismatch` for one image of
  ///   many frames.
  public static func open(
    _ path: String, info: MediaInfo, range: ClosedRange<Int>, force: Bool, isSoft: Bool = false
  ) throws -> any MaskSink {
    try OutputNames(inputs: [info.path], outputs: [path], force: force).check()
    func images(_ store: any ImageStore) throws -> MaskImageSink {
      try MaskImageSink(
        path, size: (info.displayedWidth, info.displayedHeight), first: range.lowerBound, isSoft: isSoft, to: store)
    }
    if path.hasSuffix("/") || StagedPath.isFolder(path) {
      return try images(ImageFolder(path, force: force))
    }
    switch path.split(separator: ".").last?.lowercased() {
    case "zip": return try images(ImageZip(path, force: force))
    case "png":
      guard range.count == 1 else {
        throw VideoIOError(
          .mismatch, file: path, "one image for \(range.count) masks: name a folder (ending in /), a .zip or a video")
      }
      return try images(SingleImage(path, force: force))
    default: return try MaskVideoSink(path, info: info, range: range, force: force, isSoft: isSoft)
    }
  }
}
