import CPixelKernels
import Imaging

/// A first guess for the coarsest scale of a completion: every sought pixel is copied from one of few places relative to
/// it, so that whole pieces of the picture move together and meet where the seam shows least (He and Sun 2012), by alpha
/// expansion (Boykov, Veksler and Zabih 2001).
struct ShiftMap {
  private let level: PatchLevel
  private let sites: HoleSites
  private let costs: ShiftCosts
  /// The position of each site's shift; -1 where none leads to anything known.
  private var labels: [Int]

  private static let cycles = 3
  /// Levels that a seam costs whatever it looks like, and where one of the two has nothing to show.
  private static let seam: Float = 4
  private static let missing: Float = 400
  private static let impossible: Float = 100_000

  /// Fills the sought pixels of `level`; gives for each of its targets the source that it was copied from, -1 where there
  /// is none. nil where nothing is sought.
  static func fill(_ level: inout PatchLevel) -> [Int32]? {
    guard var map = ShiftMap(level) else { return nil }
    map.solve()
    for site in 0..<map.sites.count where map.labels[site] >= 0 {
      let pixel = Int(map.sites.pixels[site])
      level.set(pixel, level.levels[pixel + map.costs.offsets[map.labels[site]]])
    }
    return level.targets.map { map.source(of: Int($0)) }
  }

  private init?(_ level: PatchLevel) {
    let plane = level.mask
    guard let box = plane.boundingBox else { return nil }
    self.level = level
    sites = HoleSites(plane)
    costs = ShiftCosts(level, sites, shifts: ShiftMap.shifts(level, around: box))
    labels = (0..<sites.count).map { [costs] in costs.cheapest(at: $0) }
  }

  /// Those by which the picture repeats itself, and a grid of others: the middle of a wide hole is out of short ones' reach.
  private static func shifts(_ level: PatchLevel, around box: Region) -> [SIMD2<Int>] {
    var shifts = PatchRepeats.find(in: level)
    let (across, down) = (max(2, box.width / 3), max(2, box.height / 3))
    for row in -4...4 {
      for column in -4...4 where row != 0 || column != 0 {
        shifts.append(SIMD2(column * across + column.signum(), row * down + row.signum()))
      }
    }
    return shifts
  }

  private mutating func solve() {
    for cycle in 0..<ShiftMap.cycles {
      // The first cycle finds the few that are of use.
      var isUsed = [Bool](repeating: cycle == 0, count: costs.offsets.count)
      for label in labels where label >= 0 { isUsed[label] = true }
      var changed = false
      for label in isUsed.indices where isUsed[label] && expand(label) { changed = true }
      if !changed { break }
    }
  }

  /// Gives `label` to all the sites that are together better off with it; whether there are any.
  private mutating func expand(_ label: Int) -> Bool {
    let count = sites.count
    let (nodes, edges) = (Int32(truncatingIfNeeded: count), Int32(truncatingIfNeeded: 2 * count))
    guard let cut = cpk_cut_create(nodes, edges) else { return false }
    defer { cpk_cut_destroy(cut) }
    var gains = (0..<count).map { unary($0, label) - unary($0, labels[$0]) }
    for site in 0..<count {
      let around = sites.neighbours(site)
      for side in [1, 3] where around[side] >= 0 {
        let other = around[side]
        let kept = seam(site, labels[site], other, labels[other])
        let first = seam(site, label, other, labels[other])
        let second = seam(site, labels[site], other, label)
        gains[site] += first - kept
        gains[other] -= first
        _ = cpk_cut_add_edge(
          cut, Int32(truncatingIfNeeded: site), Int32(truncatingIfNeeded: other), capacity(first + second - kept), 0)
      }
    }
    for site in 0..<count {
      cpk_cut_set_terminals(cut, Int32(truncatingIfNeeded: site), capacity(gains[site]), capacity(-gains[site]))
    }
    _ = cpk_cut_solve(cut)
    var changed = false
    for site in 0..<count where labels[site] != label && costs.isPossible(label, at: site) {
      guard cpk_cut_on_source_side(cut, Int32(truncatingIfNeeded: site)) == 0 else { continue }
      labels[site] = label
      changed = true
    }
    return changed
  }

  private func capacity(_ cost: Float) -> Int32 { Int32(min(max(0, cost) * 16, 100_000_000)) }

  private func unary(_ site: Int, _ label: Int) -> Float {
    label >= 0 && costs.isPossible(label, at: site) ? costs[label, site] : ShiftMap.impossible
  }

  /// How visible it is that site `p` is copied by shift `a` and its neighbour `q` by shift `b`.
  private func seam(_ p: Int, _ a: Int, _ q: Int, _ b: Int) -> Float {
    if a == b { return 0 }
    guard a >= 0, b >= 0 else { return ShiftMap.missing }
    var sum = ShiftMap.seam
    for site in [p, q] {
      guard costs.isPossible(a, at: site), costs.isPossible(b, at: site) else {
        sum += ShiftMap.missing
        continue
      }
      let pixel = Int(sites.pixels[site])
      let (here, there) = (level.levels[pixel + costs.offsets[a]], level.levels[pixel + costs.offsets[b]])
      sum += min(here.cityBlock(to: there), ShiftMap.missing)
    }
    return sum
  }

  /// By the shift of the site nearest to `target`.
  private func source(of target: Int) -> Int32 {
    for ring in 0...PatchLevel.radius {
      for dy in -ring...ring {
        for dx in -ring...ring where max(abs(dx), abs(dy)) == ring {
          let site = Int(sites.slot[target + dy * level.width + dx])
          guard site >= 0, labels[site] >= 0 else { continue }
          let source = target + costs.offsets[labels[site]]
          if level.isSource.indices.contains(source), level.isSource[source] != 0 {
            return Int32(truncatingIfNeeded: source)
          }
        }
      }
    }
    return -1
  }
}

extension SIMD4<Float> {
  @inline(__always)
  func cityBlock(to other: SIMD4<Float>) -> Float {
    let d = self - other
    return abs(d.x) + abs(d.y) + abs(d.z) + abs(d.w)
  }
}
