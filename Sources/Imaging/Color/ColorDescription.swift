/// What the sample values of a frame mean, in the code points of ITU-T H.273.
public struct ColorDescription: Hashable, Sendable, Codable {
  public enum Range: String, Sendable, Codable { case limited, full }
  public enum Matrix: String, Sendable, Codable { case bt601, bt709, bt2020 }
  /// Where a chroma sample sits among the luma samples that it covers.
  public enum ChromaSiting: String, Sendable, Codable {
    /// On the left column, halfway down (MPEG-2, H.264's default).
    case left
    /// In the middle (JPEG, MPEG-1).
    case center
    /// On the top left luma sample (BT.2020).
    case topLeft
  }

  /// nil where the source does not say.
  public var range: Range?
  /// H.273 matrix coefficients: 0 RGB, 1 BT.709, 2 unspecified, 5 and 6 BT.601, 9 BT.2020.
  public var matrixCode: Int
  /// H.273 colour primaries; 2 unspecified.
  public var primariesCode: Int
  /// H.273 transfer characteristics; 2 unspecified.
  public var transferCode: Int
  /// nil where the source does not say.
  public var siting: ChromaSiting?

  public init(
    range: Range? = nil, matrixCode: Int = 2, primariesCode: Int = 2, transferCode: Int = 2,
    siting: ChromaSiting? = nil
  ) {
    self.range = range
    self.matrixCode = matrixCode
    self.primariesCode = primariesCode
    self.transferCode = transferCode
    self.siting = siting
  }

  public static let unspecified = ColorDescription()
  public static let fullRangeRGB = ColorDescription(range: .full, matrixCode: 0, primariesCode: 1, transferCode: 13)
  public static let bt709 = ColorDescription(
    range: .limited, matrixCode: 1, primariesCode: 1, transferCode: 1, siting: .left)

  /// The matrix to convert with. Where the source does not say: BT.709 from 720 rows or 1280 columns up, BT.601 below, as
  /// players do.
  public func resolvedMatrix(width: Int, height: Int) -> Matrix {
    switch matrixCode {
    case 1: .bt709
    case 4, 5, 6, 7: .bt601
    case 9, 10: .bt2020
    default: height >= 720 || width >= 1280 ? .bt709 : .bt601
    }
  }

  /// The range to convert with. Where the source does not say: full for RGB and grey, limited for Y'CbCr.
  public func resolvedRange(for layout: PixelFormat.Layout) -> Range {
    range ?? (layout == .rgb || layout == .grey ? .full : .limited)
  }

  /// Left where the source does not say.
  public var resolvedSiting: ChromaSiting { siting ?? .left }
}
