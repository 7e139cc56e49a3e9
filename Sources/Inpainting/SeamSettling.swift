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
    let pixel = Int(sites.pixels[site])
    let around = sites.pixels(around: site)
    var sum: Float = level.known(pixel + shift) == nil ? SeamSettling.impossible : 0
    for side in 0..<4 where around[side] >= 0 {
      let neighbour = around[side]
      if level.sought[neighbour] == 0 {
        sum += SeamSettling.rim * difference(neighbour, neighbour + shift)
      } else if shifts[neighbour] != shift {
        sum += SeamSettling.seam + difference(pixel + shift, pixel + shifts[neighbour])
        sum += difference(neighbour + shift, neighbour + shifts[neighbour])
      }
    }
    return sum
  }

  private func difference(_ a: Int, _ b: Int) -> Float {
    guard let a = level.known(a), let b = level.known(b) else { return SeamSettling.missing }
    return (a - b).absoluteSum
  }
}
