import Imaging
import VideoIO

/// How masks become holes: all objects together, grown and feathered.
struct HoleShape: Codable, Equatable {
  var dilation: Int
  var feather: Int

  var reach: Int { dilation + feather }

  /// How much of each pixel of `region` is replaced: 255 inside the grown mask, falling to 0 over the feather.
  /// The mask is read `reach` pixels beyond the region, so that neighbouring regions agree.
  func alpha(of mask: Mask, in region: Region) -> Plane<UInt8> {
    let wider = region.grown(by: reach).intersection(mask.labels.bounds)
    let coverage = Mask(labels: mask.labels.cropped(to: wider)).coverage()
    let grown = dilation > 0 ? coverage.dilated(radius: dilation) : coverage
    let soft = feather > 0 ? grown.feathered(radius: feather) : grown
    let inner = Region(x: region.x - wider.x, y: region.y - wider.y, width: region.width, height: region.height)
    return soft.cropped(to: inner)
  }
}

extension HoleShape {
  init(settings: RemovalSettings, info: MediaInfo, masksAreExact: Bool) {
    let diagonal = Double(info.width * info.width + info.height * info.height).squareRoot()
    let usual = masksAreExact ? 0 : max(3, Int((diagonal * 0.005).rounded()))
    dilation = max(0, settings.dilation ?? usual)
    feather = max(0, settings.feather)
  }
}
