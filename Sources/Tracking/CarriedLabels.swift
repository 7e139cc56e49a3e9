import CPixelKernels
import Imaging
import Motion

/// The labels of the frame before, carried to this one by two rivals: the dense flow, and each object's own motion as a whole.
/// Flow follows limbs, but bleeds into smooth surfaces from what moves behind; the motion of the whole does not.
struct CarriedLabels {
  /// For each label the cells that the flow carries it to.
  private(set) var boxes = [Region?](repeating: nil, count: 256)
  /// Not 0 where the flow brings some object; of the grid's size.
  private(set) var occupied: Plane<UInt8>
  private let flow: FlowField
  private let mask: Mask
  private let grid: WorkingGrid
  /// Planes L, a, b of the frame before and of this one.
  private let before: [Float]
  private let now: [Float]

  /// - Parameter flow: from this frame back to the one before, in cells.
  init(flow: FlowField, mask: Mask, grid: WorkingGrid, before: [Float], now: [Float]) {
    self.flow = flow
    self.mask = mask
    self.grid = grid
    self.before = before
    self.now = now
    occupied = Plane(width: grid.width, height: grid.height, repeating: 0)
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
        occupied[x, y] = 1
        let b = bounds[label]
        bounds[label] = SIMD4(min(b.x, x), min(b.y, y), max(b.z, x), max(b.w, y))
      }
    }
    for label in 1...255 where bounds[label].z >= 0 {
      let b = bounds[label]
      boxes[label] = Region(x: b.x, y: b.y, width: b.z - b.x + 1, height: b.w - b.y + 1)
    }
  }

  /// The share of each cell of `region` that `label` covers, were each cell to come from `source`.
  private func shares(of label: UInt8, region: Region, from source: (Int, Int) -> SIMD2<Float>) -> [Float] {
    let scale = Float(grid.factor)
    var shares: [Float] = []
    shares.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX {
        let from = (source(x, y) + 0.5) * scale
        shares.append(Self.share(of: label, from.x, from.y, scale, mask))
      }
    }
    return shares
  }

  /// How far each cell's colour is from the one it comes from, over a small window.
  func differences(region: Region, from source: (Int, Int) -> SIMD2<Float>) -> [Float] {
    let cells = grid.count
    var out: [Float] = []
    out.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX {
        let from = source(x, y)
        let px = max(0, min(grid.width - 1, Int(max(-1, min(1e6, from.x)).rounded())))
        let py = max(0, min(grid.height - 1, Int(max(-1, min(1e6, from.y)).rounded())))
        let i = y * grid.width + x
        let j = py * grid.width + px
        out.append(
          abs(now[i] - before[j]) + abs(now[cells + i] - before[cells + j])
            + abs(now[2 * cells + i] - before[2 * cells + j]))
      }
    }
    var smooth = out
    var scratch = out
    cpk_track().pointee.box_mean(out, &smooth, &scratch, Int32(region.width), Int32(region.height), 2)
    return smooth
  }

  private func flowSource(_ x: Int, _ y: Int) -> SIMD2<Float> {
    SIMD2(Float(x), Float(y)) + flow.vectors[y * grid.width + x]
  }

  /// Whether the flow brings `label` to each cell of `region`.
  func isCarried(_ label: UInt8, region: Region) -> [Bool] {
    shares(of: label, region: region, from: flowSource).map { $0 >= 0.5 }
  }

  /// Signed distance, in cells, to the outline of `label` carried to this frame, over `region`.
  func distance(of label: UInt8, region: Region, motion: PoseMotion) -> [Float] {
    let whole = { (x: Int, y: Int) in motion.source(SIMD2(Float(x), Float(y))) }
    var shares = shares(of: label, region: region, from: flowSource)
    let wholeShares = self.shares(of: label, region: region, from: whole)
    let flowError = differences(region: region, from: flowSource)
    let wholeError = differences(region: region, from: whole)
    for i in shares.indices {
      let likely = (wholeError[i] + Tuning.slack) / (flowError[i] + wholeError[i] + 2 * Tuning.slack)
      let leaning = max(0, min(1, 2 * likely - 0.5))
      shares[i] = leaning * shares[i] + (1 - leaning) * wholeShares[i]
    }
    let inside = shares.map { $0 >= 0.5 }
    var distance = SignedDistance.of(inside, width: region.width, height: region.height, limit: 60)
    for i in distance.indices where abs(distance[i]) < 1 { distance[i] = shares[i] - 0.5 }
    return distance
  }

  /// The share of a cell centred at pixel (x, y) that carries `label`, from four probes.
  private static func share(of label: UInt8, _ x: Float, _ y: Float, _ scale: Float, _ mask: Mask) -> Float {
    guard x > -1e6, y > -1e6, x < 1e6, y < 1e6 else { return 0 }
    var hits: Float = 0
    for dy in [-0.25, 0.25] as [Float] {
      let py = Int((y + dy * scale).rounded(.down))
      guard py >= 0, py < mask.height else { continue }
      for dx in [-0.25, 0.25] as [Float] {
        let px = Int((x + dx * scale).rounded(.down))
        if px >= 0, px < mask.width, mask.labels.samples[py &* mask.width &+ px] == label { hits += 0.25 }
      }
    }
    return hits
  }
}
