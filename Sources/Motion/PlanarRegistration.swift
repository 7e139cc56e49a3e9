import Imaging

/// Lays parts of one picture on other pictures of the same thing by an affine map, to a fraction of a pixel: what is not
/// quite flat, or half of something else, would bend a homography.
///
/// Unlike `PlanarTracker` it keeps no track: each picture is aligned with the first one from a guess of its own.
public struct PlanarRegistration: Sendable {
  public struct Fit: Sendable {
    /// From the first picture's pixels to the other's.
    public let homography: Homography
    /// Correlation, -1…1, over the parts that match.
    public let ncc: Float
    /// Share of the parts, 0…1, that match.
    public let visibleShare: Float
  }

  private let template: PlanarTemplate

  /// Nil where the mask holds too little to go by.
  /// - Parameter mask: of the image's size; samples of 128 and more are looked at.
  public init?(_ image: RGBImage, mask: Plane<UInt8>) {
    guard image.bounds == mask.bounds, let template = PlanarTemplate(image, mask: mask, model: .affine)
    else { return nil }
    self.template = template
  }

  /// - Parameter start: a guess, within a few pixels.
  /// - Returns: nil where nothing near the guess matches.
  public func fit(_ image: RGBImage, near start: Homography) -> Fit? {
    guard let toImage = template.toTarget.inverse,
      let box = start.bounds(of: template.box, width: image.width, height: image.height)
    else { return nil }
    let frame = LumaPyramid(image, region: box.grown(by: 12).intersection(image.bounds), levels: 7)
    let alignment = PlanarAlignment(template: template, frame: frame)
    guard let found = alignment.align(from: start * toImage) else { return nil }
    return Fit(homography: found.map * template.toTarget, ncc: found.ncc, visibleShare: found.visibleShare)
  }
}
