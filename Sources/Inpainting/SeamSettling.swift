import Imaging

/// Lets the pixels of a completion take their neighbours' shifts where the seams between them then show less: iterated
/// conditional modes in red-black order.
struct SeamSettling {
  let level: PatchLevel
  let sites: HoleSites

  private static let sweeps = 8
  /// Weight of the difference to the known pixels, and levels that a seam costs whatever it looks like.
  private static let rim: Float = 2
  private static let seam: Float = 4
  private static let missing: Float = 200
  private static let impossible: Float = 10_000

  /// `shifts` holds one for each pixel of the level.
  func run(_ shifts: inout [Int]) {
    let groups = sites.checkerboard
    var isStale = [Bool](repeating: true, count: sites.count)
    for _ in 0..<SeamSettling.sweeps {
      var changed = false
      for group in groups {
        for site in group where isStale[site] {
          isStale[site] = false
          guard settle(site, &shifts) else { continue }
          changed = true
          let around = sites.neighbours(site)
          for side in 0..<4 where around[side] >= 0 { isStale[around[side]] = true }
        }
      }
      if !changed { break }
    }
  }

  private func settle(_ site: Int, _ shifts: inout [Int]) -> Bool {
    let pixel = Int(sites.pixels[site])
    let around = sites.neighbours(site)
    let own = shifts[pixel]
    var (best, lowest) = (own, Float.infinity)
    for side in 0..<4 where around[side] >= 0 {
      let other = shifts[Int(sites.pixels[around[side]])]
      guard other != best else { continue }
      if lowest == .infinity { lowest = cost(site, own, shifts) }
      let found = cost(site, other, shifts)
      if found < lowest { (best, lowest) = (other, found) }
    }
    shifts[pixel] = best
    return best != own
  }

  private func cost(_ site: Int, _ shift: Int, _ shifts: [Int]) -> Float {
    let (x, y, pixel) = (sites.x(site), sites.y(site), Int(sites.pixels[site]))
    var sum: Float = isKnown(pixel + shift) ? 0 : SeamSettling.impossible
    for side in 0..<4 {
      let isInside = side == 0 ? x > 0 : side == 1 ? x < level.width - 1 : side == 2 ? y > 0 : y < level.height - 1
      guard isInside else { continue }
      let neighbour = pixel + (side == 0 ? -1 : side == 1 ? 1 : side == 2 ? -level.width : level.width)
      if level.sought[neighbour] == 0 {
        sum += SeamSettling.rim * difference(neighbour, neighbour + shift)
      } else if shifts[neighbour] != shift {
        sum += SeamSettling.seam + difference(pixel + shift, pixel + shifts[neighbour])
        sum += difference(neighbour + shift, neighbour + shifts[neighbour])
      }
    }
    return sum
  }

  private func isKnown(_ pixel: Int) -> Bool { level.sought.indices.contains(pixel) && level.sought[pixel] == 0 }

  private func difference(_ a: Int, _ b: Int) -> Float {
    guard isKnown(a), isKnown(b) else { return SeamSettling.missing }
    let d = level.levels[a] - level.levels[b]
    return abs(d.x) + abs(d.y) + abs(d.z)
  }
}
