import Imaging

/// The equations of gradient-domain blending between the chosen sources of one frame and its known surroundings.
///
/// The unknown is the correction to each site's colour: zero gradient inside one source, the gradients of both sources
/// where two meet, and at the border of the hole the known colour minus the source's own view of that pixel, weighed
/// down where a residue of what is removed surrounds the hole.
struct SeamSystem {
  let candidates: Candidates
  let labels: [Int32]
  let isHole: [Bool]
  let colors: [SIMD4<Float>]
  /// The frame that is filled, and not 0 in its hole.
  let image: RGBImage
  let hole: Plane<UInt8>
  /// The surroundings are right wherever the sources differ from them: the sources are made up.
  let yields: Bool

  /// Mismatch in levels at which a seam to a residue weighs a quarter.
  private static let tolerance: Float = 30
  /// Pixels from the hole's border at which no residue is left.
  private static let clear = 4...6
  /// What is seen there differs from the source by up to this share of the mismatch behind a residue, and by this share
  /// where something real lies at the border.
  private static let (residue, real): (Float, Float) = (0.3, 0.7)

  private var sites: HoleSites { candidates.sites }

  /// Not 0 at pixels of the hole with a source; nil where there are none.
  var solvable: Plane<UInt8>? {
    var plane = Plane<UInt8>(width: sites.width, height: sites.height, repeating: 0)
    var any = false
    for site in 0..<sites.count where isHole[site] && labels[site] >= 0 {
      plane.samples[Int(sites.pixels[site])] = 255
      any = true
    }
    return any ? plane : nil
  }

  /// The mismatch at the ring's pixels: a first guess for the correction next to them.
  func setBoundary(_ correction: inout [SIMD4<Float>]) {
    for site in 0..<sites.count where isHole[site] && labels[site] >= 0 {
      let around = sites.neighbours(site)
      for side in 0..<4 {
        let neighbour = around[side]
        guard neighbour >= 0, !isHole[neighbour], let seam = boundary(site, neighbour) else { continue }
        correction[Int(sites.pixels[neighbour])] = seam.offset * seam.weight
      }
    }
  }

  func equations(_ inner: HoleSites, threads: Int) -> GradientBlend.Equations {
    var out = GradientBlend.Equations(count: inner.count)
    out.weights.withUnsafeMutableBufferPointer { weights in
      out.right.withUnsafeMutableBufferPointer { right in
        out.inverse.withUnsafeMutableBufferPointer { inverse in
          nonisolated(unsafe) let (weights, right, inverse) = (weights, right, inverse)
          Rows.concurrently(inner.count, threads: threads, minimumBand: 512) { band in
            for row in band {
              let equation = equation(Int(sites.slot[Int(inner.pixels[row])]))
              for side in 0..<4 { weights[4 * row + side] = equation.weights[side] }
              right[row] = equation.right
              inverse[row] = 1 / equation.total
            }
          }
        }
      }
    }
    return out
  }

  /// Weights of the neighbours within the hole, the right side, and the weights' sum with that of the border.
  private func equation(_ site: Int) -> (weights: SIMD4<Float>, right: SIMD4<Float>, total: Float) {
    var (weights, right, total) = (SIMD4<Float>.zero, SIMD4<Float>.zero, GradientBlend.anchor)
    let around = sites.neighbours(site)
    for side in 0..<4 where around[side] >= 0 {
      let neighbour = around[side]
      if isHole[neighbour] {
        guard labels[neighbour] >= 0 else { continue }
        weights[side] = 1
        right += gradient(site, neighbour) - (colors[site] - colors[neighbour])
        total += 1
      } else if let seam = boundary(site, neighbour) {
        right += seam.offset * seam.weight
        total += seam.weight
      }
    }
    return (weights, right, total)
  }

  /// Known colour minus the source's view of it, and how far to believe it.
  private func boundary(_ site: Int, _ neighbour: Int) -> (offset: SIMD4<Float>, weight: Float)? {
    let count = sites.count
    let view = Int(labels[site]) * count + neighbour
    guard candidates.frame[view] >= 0 else { return nil }
    let own = candidates.color[Int(labels[site]) * count + site]
    let seen = candidates.color[view]
    let offset = colors[neighbour] - seen + own - colors[site]
    if yields { return (offset, 1) }
    let mismatch = colors[neighbour] - seen
    let trust = GradientBlend.trust(mismatch, tolerance: SeamSystem.tolerance)
    guard let outside = outside(site, neighbour) else { return (offset, trust) }
    let left = (outside - seen).absoluteSum / max(mismatch.absoluteSum, 1e-3)
    return (offset, trust + (1 - trust) * SeamSystem.reality(left))
  }

  /// Whether what lies at the border goes on, 0 for a residue behind which the surroundings look as the source has them,
  /// up to 1: somebody who passes before the hole, or a shadow.
  /// - Parameter left: the share of the mismatch that is left behind the border.
  private static func reality(_ left: Float) -> Float { min(1, max(0, (left - residue) / (real - residue))) }

  /// What is seen a little farther from the hole than `neighbour`; nil where that lies in it or outside the picture.
  private func outside(_ site: Int, _ neighbour: Int) -> SIMD4<Float>? {
    let (dx, dy) = (sites.x(neighbour) - sites.x(site), sites.y(neighbour) - sites.y(site))
    var sum = SIMD4<Float>.zero
    var count: Float = 0
    for distance in SeamSystem.clear {
      let (x, y) = (sites.x(neighbour) + dx * distance, sites.y(neighbour) + dy * distance)
      guard hole.bounds.contains(x: x, y: y), hole[x, y] == 0 else { continue }
      sum += image.level(pixel: y * hole.width + x)
      count += 1
    }
    return count > 0 ? sum / count : nil
  }

  /// The gradient from `neighbour` to `site`: of the source itself, the mean of both where the sources differ.
  private func gradient(_ site: Int, _ neighbour: Int) -> SIMD4<Float> {
    let (a, b) = (Int(labels[site]), Int(labels[neighbour]))
    if a == b { return colors[site] - colors[neighbour] }
    let count = sites.count
    var sum = SIMD4<Float>.zero
    var views: Float = 0
    for slot in [a, b] {
      let (here, there) = (slot * count + site, slot * count + neighbour)
      guard candidates.frame[here] >= 0, candidates.frame[there] >= 0 else { continue }
      sum += candidates.color[here] - candidates.color[there]
      views += 1
    }
    return views > 0 ? sum / views : colors[site] - colors[neighbour]
  }
}
