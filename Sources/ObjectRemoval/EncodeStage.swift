import Imaging
import Tracking
import VideoIO

/// Writes the outputs in one pass over the clip: the clean film, the tinted one and the masks.
struct EncodeStage {
  let clip: Clip
  let meter: ProgressMeter
  var film: (any FrameSink)?
  var overlay: (any FrameSink)?
  var masks: (any MaskSink)?
  /// Pixels on both sides of a mask's outline within which its edge may be soft; nil: none.
  var matteReach: Int?
  var store: FillStore?
  var provider: (any MaskProvider)?

  /// - Returns: what the outputs could not hold as it was, once each.
  func run() throws -> [String] {
    do {
      try meter.stage(.encode, frames: clip.range.count) {
        for index in clip.range {
          try write(index)
          try meter.advance(to: Double(index - clip.range.lowerBound + 1))
        }
        try film?.finish()
        try overlay?.finish()
        try masks?.finish()
      }
    } catch {
      film?.cancel()
      overlay?.cancel()
      masks?.cancel()
      throw error
    }
    let said = (film?.warnings ?? []) + (overlay?.warnings ?? []) + (masks?.warnings ?? [])
    return said.enumerated().filter { !said[..<$0].contains($1) }.map(\.element)
  }

  private func write(_ index: Int) throws {
    let timed = try clip.source.frame(at: index)
    if let film {
      let patches = try store?.patches(frame: index) ?? []
      let clean = try patches.reduce(timed.frame) { try $1.applied(to: $0) }
      try film.write(clean, time: timed.time, duration: timed.duration)
    }
    guard overlay != nil || masks != nil, let mask = try provider?.mask(at: index) else { return }
    if let overlay {
      let tinted = RGBImage(timed.frame, threads: clip.threads).tinted(by: mask, opacity: 0.5, contour: 1)
      let frame = try Frame(tinted, format: timed.frame.format, color: timed.frame.color)
      try overlay.write(frame, time: timed.time, duration: timed.duration)
    }
    guard let masks else { return }
    let alpha = matteReach.map {
      let image = RGBImage(timed.frame, threads: clip.threads)
      return clip.orientation.displayed(EdgeMatte.alpha(image, coverage: mask.coverage(), reach: $0))
    }
    try masks.write(clip.displayed(mask), alpha: alpha)
  }
}
