import Imaging

/// What trackers ask of the frames and masks that they are handed.
enum TrackedFrames {
  /// - Parameter before: the size of the frames so far; nil before the first.
  /// - Throws: `TrackingError` for a first frame without a mask, or sizes that differ.
  static func check(
    _ frame: RGBImage, _ correction: Mask?, before: (width: Int, height: Int)?
  ) throws(TrackingError) {
    if let correction, correction.width != frame.width || correction.height != frame.height {
      throw .sizes(correction.width, correction.height, frame)
    }
    guard let before else {
      guard let correction, !correction.isEmpty else { throw .missingMask }
      return
    }
    guard frame.width == before.width, frame.height == before.height else {
      throw .sizes(of: frame, after: before.width, before.height)
    }
  }
}
