/// How a frame's planes are laid out.
public struct PixelFormat: Hashable, Sendable, Codable {
  public enum Layout: String, Sendable, Codable, CaseIterable {
    /// One luma plane.
    case grey
    /// Y, Cb, Cr with chroma halved both ways.
    case yuv420
    /// Y, Cb, Cr with chroma halved across.
    case yuv422
    /// Y, Cb, Cr at full size.
    case yuv444
    /// R, G, B at full size, in that order.
    case rgb
  }

  public var layout: Layout
  /// 8…16. Samples of 8 bits are bytes; deeper ones are 16-bit words with the value in the low bits.
  public var bitDepth: Int
  /// Whether a last plane holds alpha, at full size; 0 is clear. Alpha passes through untouched.
  public var hasAlpha: Bool

  public init(_ layout: Layout, bitDepth: Int = 8, hasAlpha: Bool = false) {
    self.layout = layout
    self.bitDepth = bitDepth
    self.hasAlpha = hasAlpha
  }

  /// log2 of how many luma columns (x) and rows (y) share one chroma sample.
  public var chromaShift: (x: Int, y: Int) {
    switch layout {
    case .yuv420: (1, 1)
    case .yuv422: (1, 0)
    case .grey, .yuv444, .rgb: (0, 0)
    }
  }

  public var colorPlaneCount: Int { layout == .grey ? 1 : 3 }
  public var planeCount: Int { colorPlaneCount + (hasAlpha ? 1 : 0) }
  public var maxValue: Int { (1 << bitDepth) - 1 }

  /// Width and height of plane `index` in a frame of `width` x `height`: chroma sizes round up.
  public func planeSize(_ index: Int, width: Int, height: Int) -> (width: Int, height: Int) {
    guard index == 1 || index == 2, layout != .grey else { return (width, height) }
    let shift = chromaShift
    return ((width + (1 << shift.x) - 1) >> shift.x, (height + (1 << shift.y) - 1) >> shift.y)
  }
}
