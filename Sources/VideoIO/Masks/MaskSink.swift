import Imaging

/// Where masks go, one for each frame of a range, in order. Confined to one thread at a time.
///
/// Nothing stands under the final name before `finish`; what was written is removed by `cancel`.
public protocol MaskSink: AnyObject {
  var warnings: [String] { get }
  /// - Parameter mask: in the displayed orientation and size.
  /// - Throws: `VideoIOError`: `.mismatch` for a mask of another size, `.cannotWrite`.
  func write(_ mask: Mask) throws
  /// Whether edges can be soft: where they cannot, `write(_:alpha:)` writes the labels alone.
  var takesAlpha: Bool { get }
  /// - Parameter alpha: of the mask's size, how far each pixel is covered by objects, 0…255.
  func write(_ mask: Mask, alpha: Plane<UInt8>) throws
  func finish() throws
  func cancel()
}

extension MaskSink {
  public var takesAlpha: Bool { false }
  public func write(_ mask: Mask, alpha: Plane<UInt8>) throws { try write(mask) }
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
  /// - Throws: `VideoIOError`: `.badRequest`, `.exists`, `.cannotWrite`, `.unsupported`, `.mismatch` for one image of
  ///   many frames.
  public static func open(
    _ path: String, info: MediaInfo, range: ClosedRange<Int>, force: Bool
  ) throws -> any MaskSink {
    try OutputNames(inputs: [info.path], outputs: [path], force: force).check()
    let size = (info.displayedWidth, info.displayedHeight)
    if path.hasSuffix("/") || StagedPath.isFolder(path) {
      return try MaskImageSink(path, size: size, first: range.lowerBound, to: ImageFolder(path, force: force))
    }
    switch path.split(separator: ".").last?.lowercased() {
    case "zip": return try MaskImageSink(path, size: size, first: range.lowerBound, to: ImageZip(path, force: force))
    case "png":
      guard range.count == 1 else {
        throw VideoIOError(
          .mismatch, file: path, "one image for \(range.count) masks: name a folder (ending in /), a .zip or a video")
      }
      return try MaskImageSink(path, size: size, first: range.lowerBound, to: SingleImage(path, force: force))
    default: return try MaskVideoSink(path, info: info, range: range, force: force)
    }
  }
}
