import Foundation

/// How each superpixel stands to the clicks, as numbers for the fitted click model.
struct ClickFeatures: Sendable {
  let values: [SIMD32<Float>]
  /// The regions around each click inside, in the order of the seeds.
  let inside: [ClickedRegions]
  /// The same for the clicks outside.
  let outside: [ClickedRegions]

  /// Stands for the distance to a click that there is none of.
  private static let far: Float = 6

  init(_ scene: Scene, seeds: Seeds) {
    self.init(
      scene, seeds: seeds,
      inside: seeds.inside.map { ClickedRegions(scene, seed: $0, opposite: seeds.outside) },
      outside: seeds.outside.map { ClickedRegions(scene, seed: $0, opposite: seeds.inside) })
  }

  init(_ scene: Scene, seeds: Seeds, inside: [ClickedRegions], outside: [ClickedRegions]) {
    self.inside = inside
    self.outside = outside
    var values = [SIMD32<Float>](repeating: .zero, count: scene.graph.count)
    ClickFeatures.addRegions(&values, inside: inside, outside: outside)
    for (offset, lengths) in [(8, scene.edgeLengths), (10, scene.colorLengths)] {
      ClickFeatures.addDistances(&values, at: offset, scene, lengths: lengths, seeds: seeds)
    }
    let size = ClickFeatures.expectedSize(scene, values)
    ClickFeatures.addPlaces(&values, scene, seeds: seeds, size: size)
    ClickFeatures.addColors(&values, scene, seeds: seeds)
    let best = inside.first?.ranked.map(\.score).max() ?? 0
    for i in values.indices {
      values[i][17] = min(3, log1p(Float(seeds.inside.count)))
      values[i][18] = min(3, log1p(Float(seeds.outside.count)))
      values[i][19] = seeds.outside.isEmpty ? 0 : 1
      values[i][20] = scene.graph.regions[i].border.sum() > 0 ? 1 : 0
      values[i][22] = best
      values[i][23] = log(size / scene.frameArea.squareRoot())
      let (near, away) = (values[i][8], values[i][9])
      values[i][24] = near / (near + away + 0.05)
      let (nearColor, awayColor) = (values[i][10], values[i][11])
      values[i][26] = nearColor / (nearColor + awayColor + 0.05)
    }
    self.values = values
  }

  /// 0…5: how high regions must grow to reach from a click, for each tree inside and outside; 6, 7: region priors.
  private static func addRegions(
    _ values: inout [SIMD32<Float>], inside: [ClickedRegions], outside: [ClickedRegions]
  ) {
    for i in values.indices {
      for tree in MergeTree.Order.allCases.indices {
        values[i][2 * tree] = inside.map { $0.reach[tree][i] }.min() ?? far
        values[i][2 * tree + 1] = outside.map { $0.reach[tree][i] }.min() ?? far
      }
      values[i][6] = inside.map { $0.prior[i] }.max() ?? 0
      values[i][7] = outside.map { $0.prior[i] }.max() ?? 0
      values[i][21] = inside.map { $0.bestScores[i] }.max() ?? 0
      values[i][27] = inside.map { $0.softPrior[i] }.max() ?? 0
      values[i][28] = outside.map { $0.bestScores[i] }.max() ?? 0
      values[i][29] = log(inside.map { $0.joinAreas[i] }.min() ?? 1) - 9
      values[i][30] = log(outside.map { $0.joinAreas[i] }.min() ?? 1) - 9
      values[i][25] = inside.isEmpty ? 0 : inside.reduce(0) { $0 + $1.prior[i] } / Float(inside.count)
    }
  }

  private static func addDistances(
    _ values: inout [SIMD32<Float>], at offset: Int, _ scene: Scene, lengths: [Float], seeds: Seeds
  ) {
    for (side, list) in [seeds.inside, seeds.outside].enumerated() {
      let distances = Geodesics.distances(scene.graph, lengths: lengths, from: list.map(\.superpixel))
      for i in values.indices { values[i][offset + side] = min(far, log1p(distances[i])) }
    }
  }

  private static func expectedSize(_ scene: Scene, _ values: [SIMD32<Float>]) -> Float {
    var area: Float = 1
    for i in values.indices { area += values[i][6] * scene.graph.regions[i].area }
    return area.squareRoot()
  }

  /// 12, 13: distances in the frame, in expected sizes of the object.
  private static func addPlaces(_ values: inout [SIMD32<Float>], _ scene: Scene, seeds: Seeds, size: Float) {
    for (side, list) in [seeds.inside, seeds.outside].enumerated() {
      let distances = scene.distances(to: list)
      for i in values.indices { values[i][12 + side] = min(far, distances[i] / size) }
    }
  }

  /// 14: log ratio of colour densities inside and outside the prior; 15, 16: colour distance to the nearest click.
  private static func addColors(_ values: inout [SIMD32<Float>], _ scene: Scene, seeds: Seeds) {
    let likelihood = ColorLikelihood(scene, inside: values.map { $0[6] * (1 - $0[7]) })
    for i in values.indices {
      let color = scene.graph.regions[i].meanColor
      values[i][14] = likelihood.logRatio(i)
      for (side, list) in [seeds.inside, seeds.outside].enumerated() {
        var nearest = Float.infinity
        for seed in list {
          let difference = color - scene.graph.regions[seed.superpixel].meanColor
          nearest = min(nearest, (difference * difference).sum())
        }
        values[i][15 + side] = min(far, nearest.squareRoot() / 10)
      }
    }
  }
}

extension Scene {
  /// How far each superpixel's middle lies from the nearest seed, in working pixels; infinite where there is none.
  func distances(to seeds: [Seeds.Seed]) -> [Float] {
    graph.regions.map { region in
      var nearest = Float.infinity
      for seed in seeds {
        let offset = region.centroid - SIMD2(seed.x, seed.y)
        nearest = min(nearest, (offset * offset).sum())
      }
      return nearest.squareRoot()
    }
  }
}
