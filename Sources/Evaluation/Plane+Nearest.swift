import Imaging

extension Plane {
  /// Scaled by nearest neighbour as OpenCV does: sample `floor(x * source / target)`. Itself where the size is right.
  func nearest(width newWidth: Int, height newHeight: Int) -> Plane {
    if newWidth == width && newHeight == height { return self }
    var out: [Sample] = []
    out.reserveCapacity(newWidth * newHeight)
    for y in 0..<newHeight {
      let row = y * height / newHeight * width
      for x in 0..<newWidth { out.append(samples[row + x * width / newWidth]) }
    }
    return Plane(width: newWidth, height: newHeight, samples: out)
  }
}
