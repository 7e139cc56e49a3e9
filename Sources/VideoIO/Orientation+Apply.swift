import Imaging

extension Orientation {
  /// A picture as it is displayed, from the coded one.
  public func displayed<Sample>(_ plane: Plane<Sample>) -> Plane<Sample> {
    let size = displayedSize(plane.width, plane.height)
    let samples = gathered(plane.samples, codedWidth: plane.width, codedHeight: plane.height)
    return Plane(width: size.width, height: size.height, samples: samples)
  }

  /// The inverse of `displayed`: a picture as it is coded, from the displayed one.
  public func coded<Sample>(_ plane: Plane<Sample>) -> Plane<Sample> { inverse.displayed(plane) }

  public func displayed(_ image: RGBImage) -> RGBImage {
    let size = displayedSize(image.width, image.height)
    let pixels = gathered(image.pixels, codedWidth: image.width, codedHeight: image.height)
    return RGBImage(width: size.width, height: size.height, pixels: pixels)
  }

  public func coded(_ image: RGBImage) -> RGBImage { inverse.displayed(image) }

  public func displayed(_ mask: Mask) -> Mask { Mask(labels: displayed(mask.labels)) }

  public func coded(_ mask: Mask) -> Mask { Mask(labels: coded(mask.labels)) }

  /// Where the coded pixel (x, y) is displayed.
  public func displayed(x: Int, y: Int, codedWidth: Int, codedHeight: Int) -> (x: Int, y: Int) {
    let x = mirrored ? codedWidth - 1 - x : x
    switch turns {
    case 1: return (codedHeight - 1 - y, x)
    case 2: return (codedWidth - 1 - x, codedHeight - 1 - y)
    case 3: return (y, codedWidth - 1 - x)
    default: return (x, y)
    }
  }

  /// The coded pixel that is displayed at (x, y).
  public func coded(x: Int, y: Int, codedWidth: Int, codedHeight: Int) -> (x: Int, y: Int) {
    let size = displayedSize(codedWidth, codedHeight)
    return inverse.displayed(x: x, y: y, codedWidth: size.width, codedHeight: size.height)
  }

  /// Where a region of coded pixels is displayed.
  public func displayed(_ region: Region, codedWidth: Int, codedHeight: Int) -> Region {
    if region.isEmpty { return region }
    let first = displayed(x: region.x, y: region.y, codedWidth: codedWidth, codedHeight: codedHeight)
    let last = displayed(x: region.maxX - 1, y: region.maxY - 1, codedWidth: codedWidth, codedHeight: codedHeight)
    return Region(
      x: min(first.x, last.x), y: min(first.y, last.y), width: abs(first.x - last.x) + 1,
      height: abs(first.y - last.y) + 1)
  }

  /// The coded pixels that are displayed in a region.
  public func coded(_ region: Region, codedWidth: Int, codedHeight: Int) -> Region {
    let size = displayedSize(codedWidth, codedHeight)
    return inverse.displayed(region, codedWidth: size.width, codedHeight: size.height)
  }

  /// The orientation that undoes this one. A mirrored turn is its own inverse.
  var inverse: Orientation { mirrored ? self : Orientation(quarterTurns: (4 - turns) % 4) }

  private var turns: Int { ((quarterTurns % 4) + 4) % 4 }

  private func displayedSize(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
    turns % 2 == 0 ? (width, height) : (height, width)
  }

  private func gathered<Element>(_ elements: [Element], codedWidth: Int, codedHeight: Int) -> [Element] {
    if self == .upright { return elements }
    let size = displayedSize(codedWidth, codedHeight)
    // Displayed (0, 0) and its neighbours tell where each step leads in the coded picture.
    let inverse = inverse
    func offset(_ x: Int, _ y: Int) -> Int {
      let place = inverse.displayed(x: x, y: y, codedWidth: size.width, codedHeight: size.height)
      return place.y * codedWidth + place.x
    }
    let origin = offset(0, 0)
    let (across, down) = (offset(1, 0) - origin, offset(0, 1) - origin)
    return [Element](unsafeUninitializedCapacity: elements.count) { buffer, count in
      for y in 0..<size.height {
        for x in 0..<size.width {
          buffer.initializeElement(at: y * size.width + x, to: elements[origin + y * down + x * across])
        }
      }
      count = elements.count
    }
  }
}
