import CPixelKernels

extension RGBImage {
  /// The working copy of `region` of a frame, or of the whole frame where it is nil.
  ///
  /// Converted by the frame's matrix and range, chroma upsampled bilinearly at its siting; colours that R'G'B' cannot
  /// show are clamped. A region that reaches beyond the frame is cut to it, and one that lies outside gives the pixels
  /// nearest to it. The same for any number of threads.
  public init(_ frame: Frame, region: Region? = nil, threads: Int = 1) {
    let area = (region ?? frame.bounds).cut(width: frame.width, height: frame.height)
    self.init(width: area.width, height: area.height, threads: threads) { rows, words in
      let reader = FrameReader(frame, area: area)
      for y in rows { reader.read(row: y, into: words + 2 * y * area.width) }
    }
  }
}

extension Region {
  /// The part inside a frame of this size, never empty: the nearest row and column where there is no overlap.
  func cut(width frameWidth: Int, height frameHeight: Int) -> Region {
    func cut(_ start: Int, _ length: Int, _ limit: Int) -> (start: Int, length: Int) {
      let first = Swift.max(0, Swift.min(start, limit - 1))
      return (first, Swift.max(1, Swift.min(start.saturatingAdding(length), limit) - first))
    }
    let across = cut(x, width, frameWidth)
    let down = cut(y, height, frameHeight)
    return Region(x: across.start, y: down.start, width: across.length, height: down.length)
  }
}

/// Reads rows of a frame's area as pixels, with scratch of its own.
private struct FrameReader: ~Copyable {
  let frame: Frame
  let area: Region
  let transform: ColorTransform
  /// Three rows of levels; chroma rows begin at an even column.
  let levels: Scratch<Float>
  let stride: Int
  /// One row of chroma before upsampling, with a sample beyond each end.
  let chroma: Scratch<Float>

  init(_ frame: Frame, area: Region) {
    self.frame = frame
    self.area = area
    transform = ColorTransform(frame)
    stride = area.width + 4
    levels = Scratch(count: 3 * stride, repeating: 0)
    chroma = Scratch(count: area.width + 6, repeating: 0)
  }

  func read(row: Int, into out: UnsafeMutablePointer<UInt32>) {
    let kernels = cpk_pixel().pointee
    let y = area.y + row
    let columns = area.x..<area.maxX
    let (first, second, third) = (levels.base, levels.base + stride, levels.base + 2 * stride)
    let count = Int32(area.width)
    frame.planes[0].load(row: y, columns: columns, scale: transform.luma, into: first)
    switch frame.format.layout {
    case .grey:
      kernels.rgb_to_pixels(first, first, first, count, out)
    case .rgb:
      frame.planes[1].load(row: y, columns: columns, scale: transform.luma, into: second)
      frame.planes[2].load(row: y, columns: columns, scale: transform.luma, into: third)
      kernels.rgb_to_pixels(first, second, third, count, out)
    case .yuv444:
      frame.planes[1].load(row: y, columns: columns, scale: transform.chroma, into: second)
      frame.planes[2].load(row: y, columns: columns, scale: transform.chroma, into: third)
      kernels.ycc_to_pixels(first, second, third, count, transform.matrix, out)
    case .yuv420, .yuv422:
      upsample(frame.planes[1], row: y, into: second)
      upsample(frame.planes[2], row: y, into: third)
      let odd = area.x & 1
      kernels.ycc_to_pixels(first, second + odd, third + odd, count, transform.matrix, out)
    }
  }

  /// Chroma of luma row `y` from the even column at or before the area on.
  private func upsample(_ plane: SamplePlane, row y: Int, into out: UnsafeMutablePointer<Float>) {
    let first = area.x >> 1
    let last = (area.maxX - 1) >> 1
    let mix = frame.format.chromaShift.y == 0 ? RowMix(first: y, second: y, share: 0) : chromaRows(y, plane.height)
    let loaded = max(0, first - 1)..<min(plane.width, last + 2)
    let start = chroma.base + 1
    plane.load(mix, columns: loaded, scale: transform.chroma, into: start + (loaded.lowerBound - first))
    if loaded.lowerBound == first { start[-1] = start[0] }
    let count = last - first + 1
    if loaded.upperBound == last + 1 { start[count] = start[count - 1] }
    if transform.siting == .center {
      cpk_pixel().pointee.upsample_center(start, Int32(count), out)
    } else {
      cpk_pixel().pointee.upsample_left(start, Int32(count), out)
    }
  }

  /// Where luma row `y` lies among chroma rows of half the height.
  private func chromaRows(_ y: Int, _ height: Int) -> RowMix {
    let row = y >> 1
    let below = min(row + 1, height - 1)
    if transform.siting == .topLeft { return RowMix(first: row, second: below, share: y & 1 == 0 ? 0 : 0.5) }
    return RowMix(first: row, second: y & 1 == 0 ? max(row - 1, 0) : below, share: 0.25)
  }
}
