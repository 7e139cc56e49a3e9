import Imaging
import Inpainting
import VideoIO

/// Finds the shadows of the masked objects, shot by shot, and keeps them on disk.
struct ShadowStage {
  let clip: Clip
  let masks: any MaskProvider
  let folder: StageFolder
  let meter: ProgressMeter

  func run(shots: [ClosedRange<Int>]) throws -> ShadowedMasks {
    try meter.stage(.shadow, frames: clip.range.count) {
      for shot in shots { try find(in: shot) }
    }
    return ShadowedMasks(masks, clip: clip, folder: folder)
  }

  private func find(in shot: ClosedRange<Int>) throws {
    if shot.allSatisfy({ folder.has(ShadowedMasks.name($0)) }) {
      meter.inherit(shot.count)
      return
    }
    var finder = ShadowFinder(width: clip.info.width, height: clip.info.height, threads: clip.threads)
    var next = shot.lowerBound
    for frame in shot {
      try meter.advance(to: Double(frame - clip.range.lowerBound))
      for shadow in finder.add(try clip.image(frame), mask: try masks.mask(at: frame)) { try keep(shadow, &next) }
    }
    for shadow in finder.finish() { try keep(shadow, &next) }
  }

  private func keep(_ shadow: Mask, _ frame: inout Int) throws {
    try MaskFile.write(clip.displayed(shadow), to: folder.path + "/" + ShadowedMasks.name(frame))
    frame += 1
  }
}

/// Masks grown by the shadows that their objects cast.
final class ShadowedMasks: MaskProvider {
  private let masks: any MaskProvider
  private let clip: Clip
  private let folder: StageFolder

  init(_ masks: any MaskProvider, clip: Clip, folder: StageFolder) {
    (self.masks, self.clip, self.folder) = (masks, clip, folder)
  }

  static func name(_ frame: Int) -> String { frameName(frame, "-shadow.png") }

  var track: Track? { masks.track }

  func mask(at frame: Int) throws -> Mask {
    var mask = try masks.mask(at: frame)
    let shadow = clip.coded(try MaskFile.read(folder.path + "/" + Self.name(frame)))
    guard shadow.labels.bounds == mask.labels.bounds else {
      throw RemovalError(.workFolder, "\(folder.path): the shadow of frame \(frame) is damaged")
    }
    for pixel in mask.labels.samples.indices where mask.labels.samples[pixel] == 0 {
      mask.labels.samples[pixel] = shadow.labels.samples[pixel]
    }
    return mask
  }
}
