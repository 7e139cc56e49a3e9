import CPixelKernels

extension Frame {
  /// This frame with `image` written over `region`, only where `alpha` is above 0.
  ///
  /// Alpha 255 replaces a sample, less blends with the sample that was there. A chroma sample is written where alpha
  /// covers any of the luma samples that share it: its new value is the image's chroma filtered at the siting, taking
  /// each pixel by its alpha, and it is blended by the mean alpha of the luma samples that share it. All other samples
  /// and the alpha plane keep their bits. Parts of `region` outside the frame are left out. The same for any number of
  /// threads.
  /// - Precondition: `image` and `alpha` are of the region's size.
  public func composited(_ image: RGBImage, at region: Region, alpha: Plane<UInt8>, threads: Int = 1) -> Frame {
    precondition(image.width == region.width && image.height == region.height, "image of another size than its region")
    precondition(alpha.width == region.width && alpha.height == region.height, "alpha of another size than its region")
    guard let covered = alpha.boundingBox else { return self }
    let target = Region(
      x: region.x.saturatingAdding(covered.x), y: region.y.saturatingAdding(covered.y), width: covered.width,
      height: covered.height
    ).intersection(bounds)
    guard !target.isEmpty else { return self }
    var planes = planes
    let job = CompositeJob(frame: self, image: image, alpha: alpha, region: region, target: target)
    planes.withRows(0..<format.colorPlaneCount) { sinks in
      let shift = format.chromaShift.y
      let first = target.y >> shift
      Rows.concurrently(((target.maxY - 1) >> shift) - first + 1, threads: threads) { band in
        let writer = CompositeWriter(job, sinks)
        for row in band { writer.write(chromaRow: first + row) }
      }
    }
    return Frame(self, planes: planes)
  }

  /// A whole frame from an image: for synthetic clips and mask videos. An alpha plane is opaque.
  /// - Throws: `ImagingError.unsupportedFormat` for a bit depth outside 8…16.
  public init(_ image: RGBImage, format: PixelFormat, color: ColorDescription) throws(ImagingError) {
    guard (8...16).contains(format.bitDepth) else {
      throw ImagingError(.unsupportedFormat, "\(format.bitDepth) bits a sample")
    }
    let planes = (0..<format.planeCount).map { index in
      let size = format.planeSize(index, width: image.width, height: image.height)
      let isAlpha = index == format.colorPlaneCount
      return SamplePlane(width: size.width, height: size.height, format: format, value: isAlpha ? format.maxValue : 0)
    }
    let blank = try Frame(width: image.width, height: image.height, format: format, color: color, planes: planes)
    let opaque = Plane<UInt8>(width: image.width, height: image.height, repeating: 255)
    self = blank.composited(image, at: image.bounds, alpha: opaque)
  }

  /// `frame` with other samples of the same shape.
  private init(_ frame: Frame, planes: [SamplePlane]) {
    width = frame.width
    height = frame.height
    format = frame.format
    color = frame.color
    self.planes = planes
  }
}

extension SamplePlane {
  fileprivate init(width: Int, height: Int, format: PixelFormat, value: Int) {
    self =
      format.bitDepth == 8
      ? .bytes(Plane(width: width, height: height, repeating: UInt8(value)))
      : .words(Plane(width: width, height: height, repeating: UInt16(value)))
  }
}

/// What a composite writes and where.
struct CompositeJob: Sendable {
  let frame: Frame
  let image: RGBImage
  let alpha: Plane<UInt8>
  /// Where the image lies in the frame.
  let region: Region
  /// The part of the frame that is written: inside the region and the frame.
  let target: Region
}
