import Imaging

/// Turns a finished patch field into a picture: every pixel is copied, unmixed, from the best of the patches over it, and
/// the copies are joined in the gradient domain, so that texture and grain stay as they were where they came from.
struct PatchComposite {
  private let level: PatchLevel
  private let sites: HoleSites
  /// How far away, as an index, each site is copied from.
  private let shift: [Int]
  private let colors: [SIMD4<Float>]

  /// Mismatch in levels at which a seam weighs a quarter: where two things meet, neither is to shine through the other.
  private static let tolerance: Float = 15
  /// Pull towards the copied colours: little, so that a piece takes the brightness of where it is laid.
  private static let anchor: Float = 0.0005
  /// Squared difference of patches that is nothing.
  private static let floor: Float = 500

  init(_ level: PatchLevel, _ field: PatchField) {
    self.level = level
    sites = HoleSites(level.mask)
    var shifts = PatchComposite.shifts(level, field)
    SeamSettling(level: level, sites: sites).run(&shifts)
    shift = sites.pixels.map { shifts[Int($0)] }
    colors = zip(sites.pixels, shift).map { level.levels[Int($0) + $1] }
  }

  /// The shift of the best patch over each pixel: the cheapest, those near what is known before those in the middle,
  /// which agree with nothing but each other. 0 where none is.
  private static func shifts(_ level: PatchLevel, _ field: PatchField) -> [Int] {
    let radius = PatchLevel.radius
    var shifts = [Int](repeating: 0, count: level.levels.count)
    var costs = [Float](repeating: .infinity, count: level.levels.count)
    for (index, target) in level.targets.enumerated() {
      let shift = Int(field.source[index]) - Int(target)
      let cost = (Float(field.cost[index]) + floor) / level.trust[Int(target)]
      for dy in -radius...radius {
        for pixel in Int(target) + dy * level.width - radius...Int(target) + dy * level.width + radius
        where level.sought[pixel] != 0 && cost < costs[pixel] {
          (costs[pixel], shifts[pixel]) = (cost, shift)
        }
      }
    }
    return shifts
  }

  /// Replaces the sought pixels of a picture of the level's size.
  func write(into picture: inout [SIMD4<Float>]) {
    var correction = [SIMD4<Float>](repeating: .zero, count: level.levels.count)
    for site in 0..<sites.count {
      let around = sites.pixels(around: site)
      for side in 0..<4 where around[side] >= 0 && sites.slot[around[side]] < 0 {
        if let seam = boundary(site, around[side]) { correction[around[side]] = seam.offset * seam.weight }
      }
    }
    Membrane.fill(&correction, mask: level.mask)
    GradientBlend.solve(equations(), sites, start: &correction, threads: 1)
    for site in 0..<sites.count {
      let pixel = Int(sites.pixels[site])
      picture[pixel] = colors[site] + correction[pixel]
      picture[pixel].w = 0
    }
  }

  private func equations() -> GradientBlend.Equations {
    var out = GradientBlend.Equations(count: sites.count)
    for site in 0..<sites.count {
      var total = PatchComposite.anchor
      let around = sites.pixels(around: site)
      for side in 0..<4 where around[side] >= 0 {
        let other = Int(sites.slot[around[side]])
        if other >= 0 {
          let inner = gradient(site, other)
          out.weights[4 * site + side] = inner.weight
          out.right[site] += (inner.offset - (colors[site] - colors[other])) * inner.weight
          total += inner.weight
        } else if let seam = boundary(site, around[side]) {
          out.right[site] += seam.offset * seam.weight
          total += seam.weight
        }
      }
      out.inverse[site] = 1 / total
    }
    return out
  }

  /// Known colour minus what the site's source shows there, and how far to believe it.
  private func boundary(_ site: Int, _ neighbour: Int) -> (offset: SIMD4<Float>, weight: Float)? {
    guard let view = view(neighbour, shift[site]) else { return nil }
    let offset = level.levels[neighbour] - view
    return (offset, weight(offset))
  }

  /// The gradient from `other` to `site`: of the source, the mean of both where they differ; and how far to keep to it.
  private func gradient(_ site: Int, _ other: Int) -> (offset: SIMD4<Float>, weight: Float) {
    let own = colors[site] - colors[other]
    if shift[site] == shift[other] { return (own, 1) }
    var (sum, views, least) = (SIMD4<Float>.zero, Float(0), Float(1))
    if let view = view(Int(sites.pixels[other]), shift[site]) {
      sum += colors[site] - view
      views += 1
      least = min(least, weight(view - colors[other]))
    }
    if let view = view(Int(sites.pixels[site]), shift[other]) {
      sum += view - colors[other]
      views += 1
      least = min(least, weight(view - colors[site]))
    }
    return views > 0 ? (sum / views, least) : (own, 1)
  }

  private func weight(_ offset: SIMD4<Float>) -> Float {
    GradientBlend.trust(offset, tolerance: PatchComposite.tolerance)
  }

  /// What lies `shift` away from a pixel, where that is known.
  private func view(_ pixel: Int, _ shift: Int) -> SIMD4<Float>? {
    level.known(pixel + shift)
  }
}
