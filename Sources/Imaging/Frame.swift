/// The samples of one plane of a frame: bytes for 8 bits, words for 9…16.
public enum SamplePlane: Sendable, Equatable {
  case bytes(Plane<UInt8>)
  case words(Plane<UInt16>)

  public var width: Int {
    switch self {
    case .bytes(let plane): plane.width
    case .words(let plane): plane.width
    }
  }

  public var height: Int {
    switch self {
    case .bytes(let plane): plane.height
    case .words(let plane): plane.height
    }
  }

  public subscript(x: Int, y: Int) -> Int {
    switch self {
    case .bytes(let plane): Int(plane[x, y])
    case .words(let plane): Int(plane[x, y])
    }
  }
}

/// A picture in the format of its source, exactly as it was decoded.
///
/// Immutable and Sendable; copying shares the samples.
public struct Frame: Sendable, Equatable {
  public let width: Int
  public let height: Int
  public let format: PixelFormat
  public let color: ColorDescription
  /// In the order of `PixelFormat.Layout`, alpha last.
  public let planes: [SamplePlane]

  /// - Throws: `ImagingError.wrongSize` where a plane does not fit the format.
  public init(
    width: Int, height: Int, format: PixelFormat, color: ColorDescription, planes: [SamplePlane]
  ) throws(ImagingError) {
    guard width > 0, height > 0, planes.count == format.planeCount else {
      throw ImagingError(.wrongSize, "a frame of \(width)x\(height) with \(planes.count) planes as \(format)")
    }
    for (index, plane) in planes.enumerated() {
      let size = format.planeSize(index, width: width, height: height)
      guard plane.width == size.width, plane.height == size.height else {
        throw ImagingError(
          .wrongSize, "plane \(index) is \(plane.width)x\(plane.height), not \(size.width)x\(size.height)")
      }
    }
    self.width = width
    self.height = height
    self.format = format
    self.color = color
    self.planes = planes
  }

  public var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }
}
