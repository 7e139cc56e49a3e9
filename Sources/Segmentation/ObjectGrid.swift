import Foundation

/// Finds the objects of a frame without prompts: a grid of clicks, of which each votes for the regions around it.
struct ObjectGrid {
  struct Found {
    /// Whether each superpixel is inside; no two objects share one.
    var labels: [Bool]
    /// The overlap with a true object that the clicks within expect, on average; 0…1.
    var score: Float
    /// Working pixels.
    var area: Float
  }

  private struct Vote {
    var tree: Int
    var node: Int
    var sum: Float = 0
    var count: Float = 0
    var score: Float { sum / max(count, 1) }
  }

  /// Shares of the frame between which a thing may lie.
  private static let sizes: ClosedRange<Float> = 0.0008...0.4
  /// Regions that the clicks within expect less of are not proposed.
  private static let leastScore: Float = 0.35
  /// More of a region than this may not be taken already.
  private static let mostTaken: Float = 0.2
  /// What lies along more of the frame's border than this, in shares of its contour, is ground.
  private static let mostBorder: Float = 0.35

  let scene: Scene

  /// Largest and most certain first, at most `maximum`.
  /// - Parameters:
  ///   - pointsPerSide: clicks along each side of the frame.
  ///   - taken: how much of each superpixel known objects hold, 0…1.
  func objects(pointsPerSide: Int, maximum: Int, taken: [Float]) -> [Found] {
    let votes = votes(pointsPerSide)
    var held = taken.map { $0 > 0.5 }
    var found: [Found] = []
    for vote in votes {
      guard let object = object(vote, held: held) else { continue }
      for i in held.indices where object.labels[i] { held[i] = true }
      found.append(object)
    }
    return Array(found.sorted { rank($0) > rank($1) }.prefix(maximum))
  }

  /// Sure regions before doubtful ones of the same size, and large before small.
  private func rank(_ object: Found) -> Float { object.score * object.area.squareRoot() }

  /// Regions of a thing's size that the clicks within expect much of, most first.
  private func votes(_ pointsPerSide: Int) -> [Vote] {
    var votes: [Int: Vote] = [:]
    for seed in seeds(pointsPerSide) {
      for region in ClickedRegions(scene, seed: seed, opposite: []).ranked {
        let statistics = scene.trees[region.tree].statistics[region.node]
        guard ObjectGrid.sizes.contains(statistics.area / scene.frameArea),
          statistics.border.sum() <= ObjectGrid.mostBorder * statistics.perimeter
        else { continue }
        let key = region.node * scene.trees.count + region.tree
        votes[key, default: Vote(tree: region.tree, node: region.node)].sum += region.score
        votes[key]?.count += 1
      }
    }
    return votes.sorted { ($0.value.score, $1.key) > ($1.value.score, $0.key) }.map(\.value)
      .filter { $0.score >= ObjectGrid.leastScore }
  }

  private func seeds(_ pointsPerSide: Int) -> [Seeds.Seed] {
    let (width, height) = (scene.scale.width, scene.scale.height)
    var seen = Set<Int>()
    var seeds: [Seeds.Seed] = []
    for row in 0..<pointsPerSide {
      for column in 0..<pointsPerSide {
        let x = (2 * column + 1) * width / (2 * pointsPerSide)
        let y = (2 * row + 1) * height / (2 * pointsPerSide)
        let superpixel = Int(scene.superpixels.labels[y * width + x])
        if seen.insert(superpixel).inserted {
          seeds.append(Seeds.Seed(superpixel: superpixel, x: Float(x), y: Float(y)))
        }
      }
    }
    return seeds
  }

  /// What is left of a region where others hold parts of it; nil where that is too little.
  private func object(_ vote: Vote, held: [Bool]) -> Found? {
    var labels = [Bool](repeating: false, count: held.count)
    var area: Float = 0
    for leaf in scene.trees[vote.tree].leaves(of: vote.node) where !held[Int(leaf)] {
      labels[Int(leaf)] = true
      area += scene.graph.regions[Int(leaf)].area
    }
    let whole = scene.trees[vote.tree].statistics[vote.node].area
    guard area >= (1 - ObjectGrid.mostTaken) * whole else { return nil }
    return Found(labels: labels, score: vote.score, area: area)
  }
}
