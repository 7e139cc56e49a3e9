import Foundation

/// The regions around one clicked superpixel: its ancestors in every tree, each with the overlap that it is expected to
/// have with the object.
struct ClickedRegions: Sendable {
  struct Ranked: Sendable {
    var tree: Int
    var node: Int
    var features: SIMD32<Float>
    /// 0…1.
    var score: Float
  }

  let seed: Seeds.Seed
  let ranked: [Ranked]
  /// For each tree and superpixel: how high the click's region must grow to take it in, normalised.
  let reach: [[Float]]
  /// How likely each superpixel belongs, by the scores of the regions that hold it.
  private(set) var prior: [Float] = []
  /// The same, with the scores less sharply told apart.
  private(set) var softPrior: [Float] = []
  /// For each superpixel the best score of a region that holds it.
  let bestScores: [Float]
  /// For each superpixel the smallest area, over the trees, of a region that joins it with the click.
  let joinAreas: [Float]

  /// How sharply good scores outweigh worse ones.
  private static let sharpness: (prior: Float, soft: Float) = (14, 5)

  /// - Parameter opposite: superpixels that a region of this click may not hold.
  init(_ scene: Scene, seed: Seeds.Seed, opposite: [Seeds.Seed]) {
    let chains = scene.trees.map { $0.ancestors(of: seed.superpixel) }
    let levels = zip(scene.trees, chains).map { ClickedRegions.levels(of: $1, in: $0) }
    let depths = zip(chains, levels).map { ClickedRegions.depths(scene, seed: seed, chain: $0, levels: $1) }
    let consensus = ClickedRegions.consensus(scene, chains: chains, levels: levels)
    var ranked: [Ranked] = []
    var reach: [[Float]] = []
    for (t, tree) in scene.trees.enumerated() {
      let order = MergeTree.Order.allCases[t]
      let heights = chains[t].map { CandidateFeatures.normalized(tree.heights[$0], order) }
      reach.append(levels[t].map { heights[Int($0)] })
      let limit = opposite.map { Int(levels[t][$0.superpixel]) }.min() ?? chains[t].count
      for level in 0..<min(limit, chains[t].count - 1) {
        let features = CandidateFeatures(
          tree: tree, order: order, node: chains[t][level], seed: seed, depth: depths[t][level],
          consensus: consensus[t][level], frameArea: scene.frameArea)
        ranked.append(
          Ranked(
            tree: t, node: chains[t][level], features: features.values,
            score: FittedModels.candidate.probability(features.values)))
      }
    }
    self.seed = seed
    self.ranked = ranked
    self.reach = reach
    bestScores = ClickedRegions.bestScores(scene, ranked, seed)
    joinAreas = scene.graph.regions.indices.map { s in
      var least = scene.frameArea
      for t in chains.indices { least = min(least, scene.trees[t].statistics[chains[t][Int(levels[t][s])]].area) }
      return least
    }
    let scores = ranked.map(\.score)
    prior = prior(scene, scores: scores, sharpness: ClickedRegions.sharpness.prior)
    softPrior = prior(scene, scores: scores, sharpness: ClickedRegions.sharpness.soft)
  }

  /// For each superpixel the first node of the chain that holds it.
  private static func levels(of chain: [Int], in tree: MergeTree) -> [Int32] {
    var levels = [Int32](repeating: 0, count: tree.leafCount)
    var known: Range<Int32> = 0..<0
    for (level, node) in chain.enumerated() {
      let span = tree.spans[node]
      let parts = level == 0 ? [span] : [span.lowerBound..<known.lowerBound, known.upperBound..<span.upperBound]
      for part in parts {
        for position in part { levels[Int(tree.order[Int(position)])] = Int32(level) }
      }
      known = span
    }
    return levels
  }

  /// For each node of the chain how far the click is from the nearest superpixel beyond it, or from the frame's edge.
  private static func depths(_ scene: Scene, seed: Seeds.Seed, chain: [Int], levels: [Int32]) -> [Float] {
    var nearest = [Float](repeating: .infinity, count: chain.count)
    for (s, level) in levels.enumerated() {
      let region = scene.graph.regions[s]
      let offset = region.centroid - SIMD2(seed.x, seed.y)
      let distance = (offset * offset).sum().squareRoot() - (region.area / .pi).squareRoot()
      nearest[Int(level)] = min(nearest[Int(level)], max(0, distance))
    }
    let (width, height) = (Float(scene.scale.width), Float(scene.scale.height))
    var beyond = min(min(seed.x, width - seed.x), min(seed.y, height - seed.y)) + 1
    var depths = [Float](repeating: 0, count: chain.count)
    for level in chain.indices.reversed() {
      depths[level] = max(0.5, beyond)
      beyond = min(beyond, nearest[level])
    }
    return depths
  }

  /// For each node of each chain the mean, over the other trees, of its best overlap with a node of theirs.
  private static func consensus(_ scene: Scene, chains: [[Int]], levels: [[Int32]]) -> [[Float]] {
    var consensus = chains.map { [Float](repeating: 0, count: $0.count) }
    for t in chains.indices {
      for u in chains.indices where u > t {
        let columns = chains[u].count
        var joint = [Float](repeating: 0, count: chains[t].count * columns)
        for s in levels[t].indices {
          joint[Int(levels[t][s]) * columns + Int(levels[u][s])] += scene.graph.regions[s].area
        }
        var bestOther = [Float](repeating: 0, count: columns)
        var above = [Float](repeating: 0, count: columns)
        for i in chains[t].indices {
          var row: Float = 0
          var best: Float = 0
          for j in 0..<columns {
            row += joint[i * columns + j]
            above[j] += row
            let union =
              scene.trees[t].statistics[chains[t][i]].area + scene.trees[u].statistics[chains[u][j]].area - above[j]
            let overlap = above[j] / max(union, 1)
            best = max(best, overlap)
            bestOther[j] = max(bestOther[j], overlap)
          }
          consensus[t][i] += best / Float(chains.count - 1)
        }
        for j in 0..<columns { consensus[u][j] += bestOther[j] / Float(chains.count - 1) }
      }
    }
    return consensus
  }

  /// How likely each superpixel belongs, by `scores` of the ranked regions that hold it.
  func prior(_ scene: Scene, scores: [Float], sharpness: Float) -> [Float] {
    var prior = [Float](repeating: 0, count: scene.graph.count)
    let best = scores.max() ?? 0
    var total: Float = 0
    for (region, score) in zip(ranked, scores) {
      let weight = exp(sharpness * (score - best))
      guard weight > 0.002 else { continue }
      total += weight
      for leaf in scene.trees[region.tree].leaves(of: region.node) { prior[Int(leaf)] += weight }
    }
    if total > 0 { for i in prior.indices { prior[i] /= total } }
    prior[seed.superpixel] = 1
    return prior
  }

  private static func bestScores(_ scene: Scene, _ ranked: [Ranked], _ seed: Seeds.Seed) -> [Float] {
    var scores = [Float](repeating: 0, count: scene.graph.count)
    for region in ranked {
      for leaf in scene.trees[region.tree].leaves(of: region.node) {
        scores[Int(leaf)] = max(scores[Int(leaf)], region.score)
      }
    }
    return scores
  }
}
