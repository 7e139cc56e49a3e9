import Imaging
import Motion

/// Sources in far frames, reached by the camera's motion alone; believed as far as they match the hole's surroundings.
struct FarFrames {
  let pictures: [RGBImage]
  let usable: [Plane<UInt8>]
  /// The camera's motion from the first frame to each; nil after a break in the chain is never stored, see `toFirst`.
  let fromFirst: [Homography]
  let toFirst: [Homography]
  let gains: [SIMD4<Float>]

  static let slots = 2
  static let frameStride = 3
  static let reach = 45
  private static let cell = 16
  private static let ring = 12

  /// Writes the best sources of `candidates.sites` into the two slots from `slot` on.
  func find(for frame: Int, known: Plane<UInt8>, into candidates: inout Candidates, slot: Int, threads: Int) {
    let sites = candidates.sites
    let sources = sourceFrames(around: frame)
    guard !sources.isEmpty, let box = boundingBox(sites) else { return }
    let probes = probes(around: sites, box: box, known: known)
    let columns = (box.width + FarFrames.cell - 1) / FarFrames.cell
    let rows = (box.height + FarFrames.cell - 1) / FarFrames.cell
    let mismatches = inParallel(sources.count, threads: threads) {
      self.mismatches(of: sources[$0], to: frame, at: probes)
    }
    let errors = spread(mismatches, probes, box: box, columns: columns, rows: rows, threads: threads)
    let rankings = (0..<columns * rows).map { cell in
      sources.indices.filter { errors[$0][cell].isFinite }.sorted {
        (errors[$0][cell], $0) < (errors[$1][cell], $1)
      }
    }
    let maps = sources.map { Homography.Unrolled(fromFirst[$0] * toFirst[frame]) }
    for site in 0..<sites.count {
      let (x, y) = (sites.x(site) * sites.step, sites.y(site) * sites.step)
      let cell = (y - box.y) / FarFrames.cell * columns + (x - box.x) / FarFrames.cell
      let middle = sites.place(site)
      var found = 0
      for index in rankings[cell] {
        guard let place = usablePlace(maps[index], middle, in: sources[index]) else { continue }
        let at = (slot + 2 * found) * sites.count + site
        candidates.frame[at] = Int32(truncatingIfNeeded: sources[index])
        candidates.x[at] = place.x
        candidates.y[at] = place.y
        candidates.doubt[at] = 3 + 1.5 * errors[index][cell]
        found += 1
        if found == FarFrames.slots { break }
      }
    }
  }

  private func sourceFrames(around frame: Int) -> [Int] {
    stride(from: -FarFrames.reach, through: FarFrames.reach, by: FarFrames.frameStride).map { frame + $0 }
      .filter { $0 != frame && pictures.indices.contains($0) }
  }

  private func boundingBox(_ sites: HoleSites) -> Region? {
    guard let first = sites.pixels.first, let last = sites.pixels.last else { return nil }
    let xs = sites.pixels.map { Int($0) % sites.width }
    let (left, right) = (xs.min() ?? 0, xs.max() ?? 0)
    let (top, bottom) = (Int(first) / sites.width, Int(last) / sites.width)
    return Region(
      x: left * sites.step, y: top * sites.step, width: (right - left + 1) * sites.step,
      height: (bottom - top + 1) * sites.step)
  }

  /// Known pixels near the sites, every third across and down.
  private func probes(around sites: HoleSites, box: Region, known: Plane<UInt8>) -> [SIMD2<Float>] {
    var mask = Plane<UInt8>(width: known.width, height: known.height, repeating: 0)
    for site in 0..<sites.count {
      let (x, y) = (sites.x(site) * sites.step, sites.y(site) * sites.step)
      for row in y..<min(known.height, y + sites.step) {
        for column in x..<min(known.width, x + sites.step) { mask[column, row] = 255 }
      }
    }
    let near = mask.spread(by: FarFrames.ring)
    let region = box.grown(by: FarFrames.ring).intersection(mask.bounds)
    var out: [SIMD2<Float>] = []
    for y in stride(from: region.y, to: region.maxY, by: 3) {
      for x in stride(from: region.x, to: region.maxX, by: 3) where near[x, y] != 0 && known[x, y] != 0 {
        out.append(SIMD2(Float(x), Float(y)))
      }
    }
    return out
  }

  private func usablePlace(_ map: Homography.Unrolled, _ site: SIMD2<Float>, in source: Int) -> SIMD2<Float>? {
    let place = map(site)
    let picture = usable[source]
    guard place.x >= 0, place.y >= 0, place.x <= Float(picture.width - 1), place.y <= Float(picture.height - 1) else {
      return nil
    }
    let column = Int(place.x + 0.5)
    let row = Int(place.y + 0.5)
    return picture.samples[row * picture.width + column] != 0 ? place : nil
  }

  /// Mean absolute difference in levels at each probe, negative where the source does not show it.
  private func mismatches(of source: Int, to frame: Int, at probes: [SIMD2<Float>]) -> [Float] {
    let map = Homography.Unrolled(fromFirst[source] * toFirst[frame])
    let gain = gains[frame] / gains[source]
    return probes.map { probe in
      let (x, y) = (Int(probe.x), Int(probe.y))
      guard let place = usablePlace(map, probe, in: source) else { return -1 }
      let d = pictures[frame].level(x, y) - pictures[source].bilinear(place.x, place.y) * gain
      return d.absoluteSum / 3
    }
  }

  /// Inverse-square distance weighting of the probes' mismatches, for each source at the middle of each cell. Probes that
  /// lie together are weighed together.
  private func spread(
    _ mismatches: [[Float]], _ probes: [SIMD2<Float>], box: Region, columns: Int, rows: Int, threads: Int
  ) -> [[Float]] {
    let groups = Dictionary(grouping: probes.indices) { index in
      SIMD2(Int(probes[index].x) / FarFrames.cell, Int(probes[index].y) / FarFrames.cell)
    }.values.sorted { $0[0] < $1[0] }
    let middles = groups.map { group in group.reduce(.zero) { $0 + probes[$1] } / Float(group.count) }
    let weights = (0..<columns * rows).flatMap { cell in
      let corner = SIMD2(
        Float(box.x + cell % columns * FarFrames.cell), Float(box.y + cell / columns * FarFrames.cell))
      return middles.map { middle in
        let d = middle - corner - Float(FarFrames.cell) / 2
        return 1 / (d.x * d.x + d.y * d.y + 16)
      }
    }
    return inParallel(mismatches.count, threads: threads) { source in
      let seen = groups.map { group in
        group.reduce(SIMD2<Float>.zero) { sum, probe in
          let mismatch = mismatches[source][probe]
          return mismatch < 0 ? sum : sum + SIMD2(min(mismatch, 60), 1)
        }
      }
      return (0..<columns * rows).map { cell in
        var sum = SIMD2<Float>.zero
        for group in seen.indices { sum += seen[group] * weights[cell * seen.count + group] }
        return sum.y > 0.01 ? sum.x / sum.y : .infinity
      }
    }
  }
}
