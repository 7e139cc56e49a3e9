import Imaging

extension Orientation {
  /// Whether width and height change places.
  public var swapsSides: Bool { quarterTurns % 2 != 0 }
}

extension PixelFormat {
  /// The format of a turned frame: 4:2:2 on its side would be 4:4:0, which few codecs know, so it becomes 4:4:4.
  func turned(by orientation: Orientation) -> PixelFormat {
    var format = self
    if layout == .yuv422, orientation.swapsSides { format.layout = .yuv444 }
    return format
  }
}

extension ColorDescription {
  /// Chroma that sat on the left no longer does.
  func turned(by orientation: Orientation) -> ColorDescription {
    var color = self
    if orientation != .upright, siting != .center { color.siting = nil }
    return color
  }
}

extension Frame {
  /// The displayed picture of a coded one.
  func turned(by orientation: Orientation) throws(ImagingError) -> Frame {
    if orientation == .upright { return self }
    let spreads = format.layout == .yuv422 && orientation.swapsSides
    var turned: [SamplePlane] = []
    for (index, plane) in planes.enumerated() {
      let plane = spreads && (index == 1 || index == 2) ? plane.doubled(to: width) : plane
      turned.append(plane.turned(by: orientation))
    }
    return try Frame(
      width: orientation.swapsSides ? height : width, height: orientation.swapsSides ? width : height,
      format: format.turned(by: orientation), color: color.turned(by: orientation), planes: turned)
  }
}

extension SamplePlane {
  fileprivate func turned(by orientation: Orientation) -> SamplePlane {
    switch self {
    case .bytes(let plane): .bytes(orientation.displayed(plane))
    case .words(let plane): .words(orientation.displayed(plane))
    }
  }

  /// Each sample twice across.
  fileprivate func doubled(to width: Int) -> SamplePlane {
    switch self {
    case .bytes(let plane): .bytes(plane.doubled(to: width))
    case .words(let plane): .words(plane.doubled(to: width))
    }
  }
}

extension Plane {
  fileprivate func doubled(to outWidth: Int) -> Plane {
    var out: [Sample] = []
    out.reserveCapacity(outWidth * height)
    for y in 0..<height {
      for x in 0..<outWidth { out.append(self[min(x / 2, width - 1), y]) }
    }
    return Plane(width: outWidth, height: height, samples: out)
  }
}
