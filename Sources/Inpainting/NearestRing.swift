/// For each site of a hole the site of the ring around it that is nearest, going from neighbour to neighbour.
struct NearestRing: Sendable {
  /// -1 where no ring can be reached.
  private(set) var ring: [Int]
  /// Pixels to it.
  private(set) var distance: [Float]

  /// - Parameter isHole: of each site; the others are the ring.
  init(_ sites: HoleSites, isHole: [Bool]) {
    ring = isHole.indices.map { isHole[$0] ? -1 : $0 }
    distance = isHole.map { $0 ? .infinity : 0 }
    let step = Float(sites.step)
    // Hardly any hole is so crooked that two sweeps each way leave a site with the second nearest.
    for _ in 0..<2 {
      for site in 0..<sites.count { relax(site, sites.neighbours(site), step) }
      for site in stride(from: sites.count - 1, through: 0, by: -1) { relax(site, sites.neighbours(site), step) }
    }
  }

  private mutating func relax(_ site: Int, _ around: SIMD4<Int>, _ step: Float) {
    for side in 0..<4 where around[side] >= 0 && distance[around[side]] + step < distance[site] {
      ring[site] = ring[around[side]]
      distance[site] = distance[around[side]] + step
    }
  }
}
