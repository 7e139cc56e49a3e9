import Imaging

/// What it costs to copy each site of a hole by each of several shifts, seams between sites apart: the known pixels around
/// the site must go on into what is copied; that must be about as bright, and as full of texture, as the surroundings
/// lead to expect; and it must look like something that the hole touches.
struct ShiftCosts {
  /// Each shift as an index.
  let offsets: [Int]
  private let count: Int
  /// Shift-major; negative where a shift leads to nothing known.
  private var costs: [Float]

  /// Weights of the known pixels around a site and of the surroundings' mean; the most that each of the parts may cost.
  private static let rim: Float = 4
  private static let missing: Float = 100
  private static let expected: Float = 0.35
  private static let mostUnexpected: Float = 120
  private static let mostNovel: Float = 60
  /// Pixels around a hole that it touches, and how many of them are looked at.
  private static let reach = 4
  private static let samples = 256
  /// Pixels around each over which its surroundings are averaged.
  private static let wide = 4

  init(_ level: PatchLevel, _ sites: HoleSites, shifts: [SIMD2<Int>]) {
    offsets = shifts.map { $0.y * level.width + $0.x }
    count = sites.count
    costs = [Float](repeating: -1, count: shifts.count * sites.count)
    let novelty = ShiftCosts.novelty(level)
    let means = ShiftCosts.means(level)
    for (label, shift) in shifts.enumerated() {
      for site in 0..<sites.count {
        let (x, y) = (sites.x(site), sites.y(site))
        guard level.isKnown(x + shift.x, y + shift.y) else { continue }
        let pixel = Int(sites.pixels[site])
        let source = pixel + offsets[label]
        let unexpected = min(ShiftCosts.mostUnexpected, means[source].cityBlock(to: means[pixel]))
        costs[label * count + site] =
          novelty[source] + ShiftCosts.expected * unexpected + ShiftCosts.rim * ShiftCosts.rupture(level, x, y, shift)
      }
    }
  }

  subscript(label: Int, site: Int) -> Float { costs[label * count + site] }

  func isPossible(_ label: Int, at site: Int) -> Bool { costs[label * count + site] >= 0 }

  /// The cheapest shift of a site, -1 where none leads to anything known.
  func cheapest(at site: Int) -> Int {
    var (label, lowest) = (-1, Float.infinity)
    for candidate in offsets.indices where isPossible(candidate, at: site) && self[candidate, site] < lowest {
      (label, lowest) = (candidate, self[candidate, site])
    }
    return label
  }

  /// How far the known pixels around (x, y) differ from what would be copied there, the nearest counting most.
  private static func rupture(_ level: PatchLevel, _ x: Int, _ y: Int, _ shift: SIMD2<Int>) -> Float {
    var sum: Float = 0
    for row in max(0, y - 2)...min(level.height - 1, y + 2) {
      for column in max(0, x - 2)...min(level.width - 1, x + 2) where level.sought[row * level.width + column] == 0 {
        let weight = 1 / Float(1 + (column - x) * (column - x) + (row - y) * (row - y))
        let pixel = row * level.width + column
        guard level.isKnown(column + shift.x, row + shift.y) else {
          sum += weight * missing
          continue
        }
        sum += weight * level.levels[pixel].cityBlock(to: level.levels[pixel + shift.y * level.width + shift.x])
      }
    }
    return sum
  }

  /// The mean of what is known around each pixel; inside the hole what its surroundings' means lead to expect.
  private static func means(_ level: PatchLevel) -> [SIMD4<Float>] {
    let (width, height, radius) = (level.width, level.height, wide)
    var out = level.levels
    for y in 0..<height {
      for x in 0..<width where level.sought[y * width + x] == 0 {
        var (sum, count) = (SIMD4<Float>.zero, Float(0))
        for row in max(0, y - radius)...min(height - 1, y + radius) {
          for pixel in row * width + max(0, x - radius)...row * width + min(width - 1, x + radius)
          where level.sought[pixel] == 0 {
            sum += level.levels[pixel]
            count += 1
          }
        }
        out[y * width + x] = sum / count
      }
    }
    Membrane.fill(&out, mask: level.mask)
    return out
  }

  /// How unlike anything that the hole touches each pixel is: it likelier hides more of that than a thing of its own.
  private static func novelty(_ level: PatchLevel) -> [Float] {
    let near = level.mask.spread(by: reach)
    let rim = near.samples.indices.filter {
      near.samples[$0] != 0 && level.isKnown($0 % level.width, $0 / level.width)
    }
    let touched = stride(from: 0, to: rim.count, by: max(1, rim.count / samples)).map { level.levels[rim[$0]] }
    return level.levels.indices.map { pixel in
      touched.reduce(mostNovel) { min($0, $1.cityBlock(to: level.levels[pixel])) }
    }
  }
}
