import Imaging
import Motion

/// The labels of the frame before, looked up where each cell came from.
struct CarriedLabels {
  private let flow: FlowField
  private let mask: Mask
  private let grid: WorkingGrid
  /// For each label the cells that the flow carries it to.
  private(set) var boxes = [Region?](repeating: nil, count: 256)

  /// - Parameter flow: from this frame back to the one before, in cells.
  init(flow: FlowField, mask: Mask, grid: WorkingGrid) {
    self.flow = flow
    self.mask = mask
    self.grid = grid
    let scale = Float(grid.factor)
    var bounds = [SIMD4<Int>](repeating: SIMD4(.max, .max, -1, -1), count: 256)
    for y in 0..<grid.height {
      for x in 0..<grid.width {
        let u = flow.vectors[y * grid.width + x]
        let px = (Float(x) + u.x + 0.5) * scale
        let py = (Float(y) + u.y + 0.5) * scale
        guard px >= 0, py >= 0, px < Float(mask.width), py < Float(mask.height) else { continue }
        let label = Int(mask.labels.samples[Int(py) * mask.width + Int(px)])
        if label == 0 { continue }
        let b = bounds[label]
        bounds[label] = SIMD4(min(b.x, x), min(b.y, y), max(b.z, x), max(b.w, y))
      }
    }
    for label in 1...255 where bounds[label].z >= 0 {
      let b = bounds[label]
      boxes[label] = Region(x: b.x, y: b.y, width: b.z - b.x + 1, height: b.w - b.y + 1)
    }
  }

  /// Signed distance, in cells, to the outline of `label` carried to this frame, over `region`.
  func distance(of label: UInt8, region: Region) -> [Float] {
    var inside = [Bool](repeating: false, count: region.area)
    var shares = [Float](repeating: 0, count: region.area)
    let scale = Float(grid.factor)
    for y in 0..<region.height {
      for x in 0..<region.width {
        let u = flow.vectors[(region.y + y) * grid.width + region.x + x]
        let px = (Float(region.x + x) + u.x + 0.5) * scale
        let py = (Float(region.y + y) + u.y + 0.5) * scale
        let share = Self.share(of: label, px, py, scale, mask)
        shares[y * region.width + x] = share
        inside[y * region.width + x] = share >= 0.5
      }
    }
    var distance = SignedDistance.of(inside, width: region.width, height: region.height, limit: 60)
    for i in distance.indices where abs(distance[i]) < 1 { distance[i] = shares[i] - 0.5 }
    return distance
  }

  /// The share of a cell centred at pixel (x, y) that carries `label`, from four probes.
  private static func share(of label: UInt8, _ x: Float, _ y: Float, _ scale: Float, _ mask: Mask) -> Float {
    var hits: Float = 0
    for (dx, dy) in [(-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25)] as [(Float, Float)] {
      let px = Int((x + dx * scale).rounded(.down))
      let py = Int((y + dy * scale).rounded(.down))
      if px >= 0, py >= 0, px < mask.width, py < mask.height, mask.labels.samples[py * mask.width + px] == label {
        hits += 0.25
      }
    }
    return hits
  }
}
