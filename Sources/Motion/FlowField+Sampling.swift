import Imaging

extension FlowField {
  /// The displacement at a place between pixels, bilinear; beyond the edge the nearest counts.
  public func sampled(_ x: Float, _ y: Float) -> SIMD2<Float> {
    let px = x > 0 ? min(x, Float(width - 1)) : 0
    let py = y > 0 ? min(y, Float(height - 1)) : 0
    let (left, top) = (Int(px), Int(py))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (fx, fy) = (px - Float(left), py - Float(top))
    let upper = self[left, top] + (self[right, top] - self[left, top]) * fx
    let lower = self[left, bottom] + (self[right, bottom] - self[left, bottom]) * fx
    return upper + (lower - upper) * fy
  }

  /// The field of the picture scaled to another size: resampled bilinearly, its vectors scaled alike.
  public func resized(width newWidth: Int, height newHeight: Int) -> FlowField {
    precondition(newWidth > 0 && newHeight > 0, "flow of the wrong size")
    let step = SIMD2(Float(width) / Float(newWidth), Float(height) / Float(newHeight))
    var out = FlowField(width: newWidth, height: newHeight)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        out[x, y] = sampled((Float(x) + 0.5) * step.x - 0.5, (Float(y) + 0.5) * step.y - 0.5) / step
      }
    }
    return out
  }

  /// The vectors of `region`, which must lie within the field. They still point to pixels of their own surroundings.
  public func cropped(to region: Region) -> FlowField {
    precondition(
      Region(x: 0, y: 0, width: width, height: height).contains(region) && !region.isEmpty, "region outside the field")
    var out: [SIMD2<Float>] = []
    out.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      let start = y * width + region.x
      out.append(contentsOf: vectors[start..<start + region.width])
    }
    return FlowField(width: region.width, height: region.height, vectors: out)
  }
}
