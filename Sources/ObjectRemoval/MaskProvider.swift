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
