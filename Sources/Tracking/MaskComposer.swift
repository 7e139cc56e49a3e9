import Imaging

/// Turns soft masks on the grid into labels at the frame's size: each pixel goes to its strongest claim.
struct MaskComposer {
  let grid: WorkingGrid
  let windows: [ObjectWindow]
  let objects: [FollowedObject]

  func compose(_ frame: RGBImage, _ seen: Observation) -> Mask {
    var mask = Mask(width: frame.width, height: frame.height)
    var strongest = [Float](repeating: 0.5, count: windows.count > 1 ? frame.pixels.count : 0)
    for window in windows where window.soft.contains(where: { $0 > 0.5 }) {
      let refinement = BoundaryRefinement(cells: seen.cells, grid: grid, region: window.region, soft: window.soft)
      paint(window, refinement, frame, &mask, &strongest)
    }
    return mask
  }

  private func paint(
    _ window: ObjectWindow, _ refinement: BoundaryRefinement, _ frame: RGBImage, _ mask: inout Mask,
    _ strongest: inout [Float]
  ) {
    let region = window.region
    let label = objects[window.index - 1].label
    let factor = grid.factor
    let left = region.x * factor
    let right = min(frame.width, region.maxX * factor)
    refinement.withCoefficients { table in
      frame.pixels.withUnsafeBufferPointer { pixels in
        for y in region.y * factor..<min(frame.height, region.maxY * factor) {
          for x in left..<right {
            let at = y &* frame.width &+ x
            let level = SIMD4<Float>(pixels[at]) * (1 / 256)
            let value = refinement.value(x, y, level, table)
            if strongest.isEmpty {
              if value > 0.5 { mask.labels.samples[at] = label }
            } else if value > strongest[at] {
              strongest[at] = value
              mask.labels.samples[at] = label
            }
          }
        }
      }
    }
  }
}
