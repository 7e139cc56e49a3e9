import Imaging

/// How a frame and the smaller copy that regions are found on relate.
struct WorkingScale: Sendable {
  /// Frames above this many pixels are reduced for the search; contours are then cut at full size.
  static let maximumArea = 1_000_000

  let width: Int
  let height: Int
  let fullWidth: Int
  let fullHeight: Int

  init(width: Int, height: Int) {
    fullWidth = width
    fullHeight = height
    let ratio = (Double(WorkingScale.maximumArea) / Double(width * height)).squareRoot()
    self.width = ratio >= 1 ? width : max(1, Int(Double(width) * ratio))
    self.height = ratio >= 1 ? height : max(1, Int(Double(height) * ratio))
  }

  var isIdentity: Bool { width == fullWidth && height == fullHeight }

  /// The working pixel that covers a pixel of the frame.
  func reduced(x: Int, y: Int) -> (x: Int, y: Int) {
    (min(width - 1, x * width / fullWidth), min(height - 1, y * height / fullHeight))
  }

  /// The working pixels that a box of the frame covers, at least one; the box must overlap the frame.
  func reduced(_ box: Region) -> Region {
    let frame = Region(x: 0, y: 0, width: fullWidth, height: fullHeight)
    let clipped = box.clamped(to: frame)
    let topLeft = reduced(x: clipped.x, y: clipped.y)
    let bottomRight = reduced(x: clipped.maxX - 1, y: clipped.maxY - 1)
    return Region(
      x: topLeft.x, y: topLeft.y, width: bottomRight.x - topLeft.x + 1, height: bottomRight.y - topLeft.y + 1)
  }

  /// Each working pixel is the mean of the frame's pixels that it covers.
  func reduce(_ image: RGBImage, threads: Int) -> RGBImage {
    if isIdentity { return image }
    let columns = (0...width).map { $0 * fullWidth / width }
    let rows = (0..<height).map { y in
      (y * fullHeight / height, max(y * fullHeight / height + 1, (y + 1) * fullHeight / height))
    }
    var out = RGBImage(width: width, height: height)
    for y in 0..<height {
      let (top, bottom) = rows[y]
      for x in 0..<width {
        let left = columns[x]
        let right = max(left + 1, columns[x + 1])
        var sum = SIMD4<UInt32>.zero
        for v in top..<bottom {
          for u in left..<right { sum &+= SIMD4<UInt32>(truncatingIfNeeded: image.pixels[v * fullWidth + u]) }
        }
        let count = UInt32((right - left) * (bottom - top))
        out.pixels[y * width + x] = SIMD4<UInt16>(truncatingIfNeeded: (sum &+ count / 2) / count)
      }
    }
    return out
  }
}
