import Foundation

/// Kernel densities of colour inside and outside a soft region, on a coarse Lab lattice.
struct ColorLikelihood {
  private static let step: Float = 8
  private static let size = (l: 14, a: 26, b: 26)

  private let inside: [Float]
  private let outside: [Float]
  private let cells: [Int32]
  private let insideTotal: Float
  private let outsideTotal: Float

  /// - Parameter weights: how much each superpixel belongs, 0…1.
  init(_ scene: Scene, inside weights: [Float]) {
    let count = ColorLikelihood.size.l * ColorLikelihood.size.a * ColorLikelihood.size.b
    var inside = [Float](repeating: 0, count: count)
    var outside = inside
    cells = scene.graph.regions.map { Int32(ColorLikelihood.cell($0.meanColor)) }
    for (i, region) in scene.graph.regions.enumerated() {
      inside[Int(cells[i])] += weights[i] * region.area
      outside[Int(cells[i])] += (1 - weights[i]) * region.area
    }
    self.inside = ColorLikelihood.blurred(inside)
    self.outside = ColorLikelihood.blurred(outside)
    insideTotal = max(1, self.inside.reduce(0, +))
    outsideTotal = max(1, self.outside.reduce(0, +))
  }

  /// Within ±4.
  func logRatio(_ superpixel: Int) -> Float {
    let cell = Int(cells[superpixel])
    let p = inside[cell] / insideTotal
    let q = outside[cell] / outsideTotal
    return min(4, max(-4, log((p + 1e-5) / (q + 1e-5))))
  }

  private static func cell(_ color: SIMD4<Float>) -> Int {
    let l = min(size.l - 1, max(0, Int(color.x / step)))
    let a = min(size.a - 1, max(0, Int(color.y / step) + size.a / 2))
    let b = min(size.b - 1, max(0, Int(color.z / step) + size.b / 2))
    return (l * size.a + a) * size.b + b
  }

  /// Binomial [1 2 1] along each axis.
  private static func blurred(_ lattice: [Float]) -> [Float] {
    var current = lattice
    for stride in [1, size.b, size.a * size.b] {
      var next = current
      for i in current.indices {
        let before = i >= stride ? current[i - stride] : 0
        let after = i + stride < current.count ? current[i + stride] : 0
        next[i] = 0.5 * current[i] + 0.25 * (before + after)
      }
      current = next
    }
    return current
  }
}
