/// A rectangle of samples, row-major, without padding between rows.
///
/// A value type over copy-on-write storage: reading from several threads at once is safe.
@frozen
public struct Plane<Sample: Sendable & BitwiseCopyable>: Sendable {
  public let width: Int
  public let height: Int
  /// `width * height` samples; row `y` begins at `y * width`.
  public var samples: [Sample]

  /// - Precondition: `samples.count == width * height`, both at least 1.
  @inlinable
  public init(width: Int, height: Int, samples: [Sample]) {
    precondition(width > 0 && height > 0 && samples.count == width * height, "plane of the wrong size")
    self.width = width
    self.height = height
    self.samples = samples
  }

  @inlinable
  public init(width: Int, height: Int, repeating value: Sample) {
    self.init(width: width, height: height, samples: Array(repeating: value, count: width * height))
  }

  @inlinable
  public subscript(x: Int, y: Int) -> Sample {
    get { samples[y * width + x] }
    set { samples[y * width + x] = newValue }
  }

  @inlinable
  public var bounds: Region { Region(x: 0, y: 0, width: width, height: height) }
}

extension Plane: Equatable where Sample: Equatable {}

extension Plane {
  /// The samples of `region`, which must lie within the plane.
  @inlinable
  public func cropped(to region: Region) -> Plane {
    precondition(bounds.contains(region), "region outside the plane")
    var out: [Sample] = []
    out.reserveCapacity(region.width * region.height)
    for y in region.y..<region.maxY {
      let start = y * width + region.x
      out.append(contentsOf: samples[start..<start + region.width])
    }
    return Plane(width: region.width, height: region.height, samples: out)
  }

  @inlinable
  public func map<Other>(_ transform: (Sample) -> Other) -> Plane<Other> {
    Plane<Other>(width: width, height: height, samples: samples.map(transform))
  }
}
