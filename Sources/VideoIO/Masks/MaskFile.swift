import Imaging

/// One mask in one image file.
public enum MaskFile {
  /// Reads a map of labels from any image: indexed, grey, RGB of the DAVIS palette, black and white, or alpha.
  /// - Returns: the mask in the displayed orientation.
  /// - Throws: `VideoIOError`: `.mismatch` that says what the image holds where it is no mask.
  public static func read(_ path: String) throws(VideoIOError) -> Mask {
    try LabelImage(StillImage(path, limits: MediaLimits()), file: path).mask
  }

  /// Writes an indexed PNG with the DAVIS palette, beside and then into place; an existing file is replaced.
  /// - Throws: `VideoIOError.cannotWrite`.
  public static func write(_ mask: Mask, to path: String) throws(VideoIOError) {
    let staged = try StagedFile(path, force: true)
    try StagedPath.write(try MaskPNG.bytes(mask, path), to: staged.stagedPath, for: path)
    try staged.commit()
  }

  /// The bytes of such a PNG.
  /// - Throws: `VideoIOError.internalFault`.
  public static func pngBytes(_ mask: Mask) throws(VideoIOError) -> [UInt8] {
    try MaskPNG.bytes(mask, "mask.png")
  }
}

extension MaskPNG {
  /// The bytes of one mask's file.
  static func bytes(_ mask: Mask, _ path: String) throws(VideoIOError) -> [UInt8] {
    do {
      return try MaskPNG(.labels, width: mask.width, height: mask.height).encode(mask.labels)
    } catch {
      throw VideoIOError(.internalFault, file: path, "the mask could not be encoded", error)
    }
  }
}
