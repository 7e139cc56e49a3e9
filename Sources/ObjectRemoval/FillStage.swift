import Imaging
import Inpainting
import VideoIO

/// Fills the holes window by window and keeps what was filled on disk.
struct FillStage {
  let clip: Clip
  let masks: any MaskProvider
  let shape: HoleShape
  let scale: Double
  let inpainter: any Inpainter
  /// From the working scale to the picture's.
  let upscaler: any Upscaler
  /// Bytes for a window and its engine.
  let memory: Int
  let store: FillStore
  let meter: ProgressMeter
  let cancellation: Cancellation

  /// What was filled where, frame by frame; frames without a hole have no entry.
  func run(shots: [ClosedRange<Int>]) throws -> [RemovalReport.FrameEntry] {
    let planner = FillPlanner(
      masks: masks, shape: shape, inpainter: inpainter,
      bounds: Region(x: 0, y: 0, width: clip.info.width, height: clip.info.height), memory: memory, scale: scale)
    return try meter.stage(.fill, frames: clip.range.count) {
      var entries: [RemovalReport.FrameEntry] = []
      for shot in shots { entries += try fill(shot, planner) }
      return entries
    }
  }

  private func fill(_ shot: ClosedRange<Int>, _ planner: FillPlanner) throws -> [RemovalReport.FrameEntry] {
    var entries: [RemovalReport.FrameEntry] = []
    var frame = shot.lowerBound
    while frame <= shot.upperBound {
      try meter.advance(to: Double(frame - clip.range.lowerBound))
      guard try !masks.mask(at: frame).isEmpty else {
        frame += 1
        continue
      }
      let window = try planner.window(from: frame, within: shot)
      if let known = store.entries(window) {
        entries += known
        meter.inherit(window.core.count)
      } else {
        entries += try fill(window, within: shot)
      }
      meter.finish(window.core)
      frame = window.core.upperBound + 1
      store.forgetContexts(before: frame - FillStore.lookBack, from: shot.lowerBound)
    }
    return entries
  }

  private func fill(_ window: FillWindow, within shot: ClosedRange<Int>) throws -> [RemovalReport.FrameEntry] {
    var results: [Int: [Filled]] = [:]
    for (index, part) in window.parts.enumerated() {
      let base = Double(window.core.lowerBound - clip.range.lowerBound)
      let share = Double(window.core.count) / Double(window.parts.count)
      let filled = try fill(part, window.core, within: shot) { done in
        meter.report(base + share * (Double(index) + done))
      }
      for (frame, result) in zip(window.core, filled) { results[frame, default: []].append(result) }
    }
    let entries = try window.core.compactMap { try keep(results[$0] ?? [], frame: $0) }
    try store.finish(window, entries)
    return entries
  }

  /// A part of a frame, filled at the working scale.
  private struct Filled {
    var region: Region
    var scale: Double
    var fill: FilledFrame
  }

  private func fill(
    _ part: FillWindow.Part, _ core: ClosedRange<Int>, within shot: ClosedRange<Int>, progress: (Double) -> Void
  ) throws -> [Filled] {
    let before = min(part.plan.before, FillStore.lookBack)
    let first = max(shot.lowerBound, core.lowerBound - before)
    let last = min(shot.upperBound, core.upperBound + part.plan.after)
    var window = InpaintingWindow(
      frames: [], holes: [], filled: [], core: core.lowerBound - first..<core.upperBound - first + 1)
    for frame in first...last {
      try cancellation.check()
      var image = try working(clip.image(frame, region: part.region), part.scale)
      let alpha = shape.alpha(of: try masks.mask(at: frame), in: part.region)
      let provenance = frame < core.lowerBound ? paste(earlier: frame, into: &image, part) : nil
      window.frames.append(image)
      window.holes.append(hole(alpha, part.scale))
      window.filled.append(provenance)
    }
    let filled = try inpainter.fill(window, cancellation: cancellation, progress: progress)
    return filled.map { Filled(region: part.region, scale: part.scale, fill: $0) }
  }

  private func working(_ image: RGBImage, _ scale: Double) -> RGBImage {
    let size = image.bounds.scaled(by: scale)
    return scale == 1 ? image : image.resized(width: size.width, height: size.height)
  }

  private func hole(_ alpha: Plane<UInt8>, _ scale: Double) -> Plane<UInt8> {
    guard scale != 1 else { return alpha }
    let size = alpha.bounds.scaled(by: scale)
    // Growing first keeps every replaced pixel inside the smaller hole.
    return alpha.dilated(radius: Int((1 / scale).rounded(.up))).resizedNearest(width: size.width, height: size.height)
  }

  /// Lays what earlier windows filled over `image`; nil where they filled nothing of the part.
  private func paste(earlier frame: Int, into image: inout RGBImage, _ part: FillWindow.Part) -> Plane<UInt8>? {
    var provenance = Plane<UInt8>(width: image.width, height: image.height, repeating: 0)
    var pasted = false
    for context in store.contexts(frame: frame) {
      guard let place = Self.place(of: context, in: part, image) else { continue }
      for y in 0..<place.size.height {
        for x in 0..<place.size.width {
          let origin = context.provenance[place.from.x + x, place.from.y + y]
          guard origin != 0 else { continue }
          image[place.to.x + x, place.to.y + y] = context.image[place.from.x + x, place.from.y + y]
          provenance[place.to.x + x, place.to.y + y] = origin
          pasted = true
        }
      }
    }
    return pasted ? provenance : nil
  }

  private typealias Place = (from: (x: Int, y: Int), to: (x: Int, y: Int), size: (width: Int, height: Int))

  /// Where an earlier fill lies in the part's working picture: anywhere at full size, and the very same region at others.
  private static func place(of context: FillStore.Context, in part: FillWindow.Part, _ image: RGBImage) -> Place? {
    if part.scale == 1, context.image.width == context.region.width, context.image.height == context.region.height {
      let shared = context.region.intersection(part.region)
      guard !shared.isEmpty else { return nil }
      return (
        (shared.x - context.region.x, shared.y - context.region.y),
        (shared.x - part.region.x, shared.y - part.region.y),
        (shared.width, shared.height)
      )
    }
    guard context.region == part.region, context.image.bounds == image.bounds else { return nil }
    return ((0, 0), (0, 0), (image.width, image.height))
  }

  /// Composites the filled parts of a frame and stores what changed.
  private func keep(_ parts: [Filled], frame index: Int) throws -> RemovalReport.FrameEntry? {
    let mask = try masks.mask(at: index)
    var frame = try clip.frame(index)
    var counts = [Int](repeating: 0, count: 4)
    var pixels = 0
    var changed: [Region] = []
    var contexts: [FillStore.Context] = []
    for part in parts {
      let alpha = shape.alpha(of: mask, in: part.region)
      guard let box = alpha.boundingBox else { continue }
      let image = part.fill.image
      let full =
        image.width == part.region.width && image.height == part.region.height
        ? image : try upscaler.enlarged(image, needed: alpha)
      frame = frame.composited(full, at: part.region, alpha: alpha, threads: clip.threads)
      changed.append(Region(x: box.x + part.region.x, y: box.y + part.region.y, width: box.width, height: box.height))
      pixels += alpha.samples.count { $0 != 0 }
      for origin in part.fill.provenance.samples { counts[min(3, Int(origin))] += 1 }
      contexts.append(context(part, box))
    }
    guard !changed.isEmpty else { return nil }
    try store.write(changed.map { FramePatch(of: frame, around: $0) }, contexts, frame: index)
    return Self.entry(index, pixels, counts, scale: parts.map(\.scale).min() ?? 1)
  }

  private func context(_ part: Filled, _ box: Region) -> FillStore.Context {
    guard part.scale == 1 else {
      return FillStore.Context(region: part.region, image: part.fill.image, provenance: part.fill.provenance)
    }
    let region = Region(x: box.x + part.region.x, y: box.y + part.region.y, width: box.width, height: box.height)
    return FillStore.Context(
      region: region, image: part.fill.image.cropped(to: box), provenance: part.fill.provenance.cropped(to: box))
  }

  private static func entry(
    _ frame: Int, _ pixels: Int, _ counts: [Int], scale: Double
  ) -> RemovalReport.FrameEntry {
    let filled = counts[1] + counts[2] + counts[3]
    func share(_ origin: Provenance) -> Double {
      filled > 0 ? Double(counts[Int(origin.rawValue)]) / Double(filled) : 0
    }
    return RemovalReport.FrameEntry(
      frame: frame, holePixels: pixels, borrowed: share(.borrowed), madeUp: share(.madeUp),
      abstained: share(.abstained),
      fillScale: scale)
  }
}
