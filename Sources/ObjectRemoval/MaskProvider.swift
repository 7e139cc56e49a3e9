import Imaging
import VideoIO

/// Masks of the clip's frames by number, coded orientation.
protocol MaskProvider: AnyObject {
  func mask(at frame: Int) throws -> Mask
  /// The track behind the masks; nil where nothing was tracked.
  var track: Track? { get }
}

extension MaskProvider {
  var track: Track? { nil }
}

/// Masks that the user brought: a still one holds for all frames; otherwise one a frame of the clip, or of the range.
final class GivenMasks: MaskProvider {
  private let source: MaskSource
  private let clip: Clip

  init(path: String, clip: Clip, settings: RemovalSettings) throws {
    self.clip = clip
    source = try MaskSource.open(
      path, width: clip.info.displayedWidth, height: clip.info.displayedHeight, frameCount: clip.info.frameCount,
      allowRescale: settings.rescalesMasks, limits: settings.limits, range: clip.range)
  }

  var warnings: [String] { source.warnings }

  func mask(at frame: Int) throws -> Mask { clip.coded(try source.mask(at: frame)) }
}

/// Some of the objects of other masks.
final class ChosenMasks: MaskProvider {
  private let masks: any MaskProvider
  private let isChosen: [Bool]

  init(_ masks: any MaskProvider, objects: Set<Int>) {
    self.masks = masks
    isChosen = (0...255).map { objects.contains($0) }
  }

  func mask(at frame: Int) throws -> Mask {
    Mask(labels: try masks.mask(at: frame).labels.map { isChosen[Int($0)] ? $0 : 0 })
  }
}

/// Marks that stand still on the screen: the same on every frame.
final class StillMasks: MaskProvider {
  private let mask: Mask

  init(_ anchors: [Int: Anchor], width: Int, height: Int) {
    var union = Mask(width: width, height: height)
    for (_, anchor) in anchors.sorted(by: { $0.key < $1.key }) {
      for i in union.labels.samples.indices where anchor.mask.labels.samples[i] != 0 {
        union.labels.samples[i] = anchor.mask.labels.samples[i]
      }
    }
    mask = union
  }

  func mask(at frame: Int) -> Mask { mask }
}
