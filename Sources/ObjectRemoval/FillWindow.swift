import Imaging
import Inpainting

/// The frames that are filled together, and the regions of the picture in which.
struct FillWindow: Equatable {
  var core: ClosedRange<Int>
  var parts: [Part]

  /// One region, filled on its own: holes far apart do not pay for the picture between them.
  struct Part: Equatable {
    var region: Region
    var plan: WindowPlan
    /// The scale at which the region is filled: below 1 where asked for, or where the budget forbids full size.
    var scale: Double
  }

  var name: String { frameName(core.lowerBound, "-") + frameName(core.upperBound, ".done") }
}

/// Cuts a shot into windows that keep to the budget. The same masks and settings give the same windows.
struct FillPlanner {
  let masks: any MaskProvider
  let shape: HoleShape
  let inpainter: any Inpainter
  let bounds: Region
  /// Bytes for one window and the engine.
  let memory: Int
  /// The scale at which the fill is to be computed; a window that does not fit the budget takes a smaller one.
  let scale: Double

  /// The window that begins at `frame`, which must have a hole.
  /// - Throws: `InpaintingError.memory` where not even one frame fits.
  func window(from frame: Int, within shot: ClosedRange<Int>) throws -> FillWindow {
    var count = min(Self.longestCore, shot.upperBound - frame + 1)
    var boxes: [[Region]] = []
    while true {
      while boxes.count < count { boxes.append(try holeBoxes(frame + boxes.count)) }
      let parts = try regions(boxes.prefix(count).flatMap { $0 })
      let fitting = max(1, parts.map(\.plan.core).min() ?? count)
      if fitting >= count { return FillWindow(core: frame...(frame + count - 1), parts: parts) }
      count = fitting
    }
  }

  static let longestCore = 64

  /// Where the holes of a frame lie, as boxes of their connected parts.
  private func holeBoxes(_ frame: Int) throws -> [Region] {
    let mask = try masks.mask(at: frame)
    guard let whole = mask.boundingBox else { return [] }
    let parts = mask.labels.cropped(to: whole).map { $0 != 0 ? UInt8(255) : 0 }.components()
    let boxes = parts.regions.map { part in
      Region(x: part.x + whole.x, y: part.y + whole.y, width: part.width, height: part.height)
        .grown(by: shape.reach).intersection(bounds)
    }
    return Self.merged(boxes, within: 16)
  }

  private func regions(_ boxes: [Region]) throws -> [FillWindow.Part] {
    var clusters = Self.merged(boxes, within: 48)
    while true {
      let parts = try clusters.map { try part(around: $0) }
      let merged = Self.merged(parts.map(\.region), within: 0)
      if merged.count == parts.count { return parts }
      clusters = merged.map { region in
        clusters.filter { region.contains($0) }.reduce(Region(x: 0, y: 0, width: 0, height: 0)) { $0.union($1) }
      }
    }
  }

  /// The largest scale at which a window of useful length fits the budget.
  /// - Throws: `InpaintingError.memory` where none does.
  private func part(around box: Region) throws -> FillWindow.Part {
    var fallback: FillWindow.Part?
    var refusal: (any Error)?
    for factor in Self.scales {
      do {
        let part = try part(around: box, scale: scale * factor)
        if part.plan.before + part.plan.core + part.plan.after >= Self.shortestWindow { return part }
        fallback = fallback ?? part
      } catch let error as InpaintingError where error.code == .memory {
        refusal = error
      }
    }
    if let fallback { return fallback }
    throw refusal ?? InpaintingError(.memory, "no window fits the budget")
  }

  private static let scales = [1, 0.75, 0.5, 0.35, 0.25, 0.18, 0.125]
  /// Frames; with fewer in sight, a smaller picture with more of them gives a better fill.
  static let shortestWindow = 16

  private func part(around box: Region, scale: Double) throws -> FillWindow.Part {
    let margin = try plan(box.grown(by: 64).intersection(bounds), scale).margin
    let region = box.grown(by: Int((Double(margin) / scale).rounded(.up))).intersection(bounds)
    return FillWindow.Part(region: region, plan: try plan(region, scale), scale: scale)
  }

  private func plan(_ region: Region, _ scale: Double) throws -> WindowPlan {
    let size = region.scaled(by: scale)
    return try inpainter.plan(width: size.width, height: size.height, memory: memory)
  }

  /// Joins regions that overlap or come within `distance` of each other, until none do.
  static func merged(_ regions: [Region], within distance: Int) -> [Region] {
    var out: [Region] = []
    for region in regions where !region.isEmpty {
      var grown = region
      while let near = out.firstIndex(where: { !$0.grown(by: distance).intersection(grown).isEmpty }) {
        grown = grown.union(out.remove(at: near))
      }
      out.append(grown)
    }
    return out.sorted { ($0.y, $0.x) < ($1.y, $1.x) }
  }
}

extension Region {
  /// The size of this region's working copy at `scale`.
  func scaled(by scale: Double) -> (width: Int, height: Int) {
    scale == 1
      ? (width, height)
      : (max(1, Int((Double(width) * scale).rounded())), max(1, Int((Double(height) * scale).rounded())))
  }
}
