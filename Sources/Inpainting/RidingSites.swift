import Imaging

/// Which sites of a frame lie behind a hole that moves with its surroundings (a plate on a car, a mark before a camera
/// that rests): no frame shows what is there, and a chain that comes out of the hole has merely drifted.
struct RidingSites {
  /// For each site the trail of its neighbourhood.
  private let trail: [Int32]
  /// By trail.
  private let rides: [Bool]

  /// Sites share a trail in squares of this many pixels.
  private static let cell = 4
  /// Shares of a hole, in percent, that come clear of it, and far out of it, while it is merely its mask that trembles.
  private static let mostClear = 35
  private static let mostFar = 3

  init(_ sites: HoleSites, of frame: Int, ring: RingMotion, reach: Int) {
    let columns = sites.width / RidingSites.cell + 1
    var cells = [Int32](repeating: -1, count: columns * (sites.height / RidingSites.cell + 1))
    var origins: [SIMD2<Float>] = []
    trail = (0..<sites.count).map { site in
      let (x, y) = (sites.x(site), sites.y(site))
      let cell = y / RidingSites.cell * columns + x / RidingSites.cell
      if cells[cell] < 0 {
        cells[cell] = Int32(truncatingIfNeeded: origins.count)
        origins.append(SIMD2(Float(x), Float(y)))
      }
      return cells[cell]
    }
    let trails = ring.trails(of: origins, from: frame, reach: reach)
    rides = RidingSites.rides(trails, in: RidingSites.parts(of: sites, at: origins))
  }

  /// The connected part of the hole at each place.
  private static func parts(of sites: HoleSites, at places: [SIMD2<Float>]) -> [Int] {
    let plane = Plane(width: sites.width, height: sites.height, samples: sites.slot.map { $0 < 0 ? UInt8(0) : 255 })
    guard let box = plane.boundingBox else { return [] }
    let labels = plane.cropped(to: box).components().labels
    return places.map { Int(labels[Int($0.x) - box.x, Int($0.y) - box.y]) }
  }

  /// Whether the part of the hole that each trail begins in moves with its surroundings as a whole.
  private static func rides(_ trails: RingMotion.Trails, in parts: [Int]) -> [Bool] {
    let count = (parts.max() ?? 0) + 1
    var (all, clear, far) = (
      [Int](repeating: 0, count: count), [Int](repeating: 0, count: count), [Int](repeating: 0, count: count)
    )
    for (index, part) in parts.enumerated() {
      all[part] += 1
      if trails.outside[index] > 0 { clear[part] += 1 }
      if trails.outside[index] > 1 { far[part] += 1 }
    }
    return parts.enumerated().map { index, part in
      trails.isTrusted[index] && 100 * clear[part] <= mostClear * all[part] && 100 * far[part] <= mostFar * all[part]
    }
  }

  var any: Bool { rides.contains(true) }

  subscript(site: Int) -> Bool { rides[Int(trail[site])] }
}
