import Foundation
import Imaging

/// How each superpixel stands to a box around the object, as numbers for the fitted box model.
struct BoxFeatures: Sendable {
  let values: [SIMD32<Float>]
  /// How much of each superpixel lies within the box, 0…1.
  let coverage: [Float]
  /// The best overlap of a region's own box with the prompt's.
  let bestOverlap: Float

  /// Superpixels with less of their area within count as beyond the box.
  private static let beyond: Float = 0.3
  private static let far: Float = 6
  private static let sharpness: Float = 12

  /// - Parameter box: in working pixels, clipped to the working image and not empty.
  init(_ scene: Scene, box: Region) {
    coverage = BoxFeatures.coverage(scene, box)
    var values = [SIMD32<Float>](repeating: .zero, count: scene.graph.count)
    let isOutside = coverage.map { $0 < BoxFeatures.beyond }
    let sources = isOutside.indices.filter { isOutside[$0] }
    for (slot, lengths) in [(10, scene.edgeLengths), (11, scene.colorLengths)] {
      let distances = Geodesics.distances(scene.graph, lengths: lengths, from: sources)
      for i in values.indices { values[i][slot] = min(BoxFeatures.far, log1p(distances[i])) }
    }
    BoxFeatures.addPlaces(&values, scene, box: box)
    BoxFeatures.addTrees(&values, scene, isOutside: isOutside, box: box)
    let (prior, best) = BoxFeatures.prior(scene, coverage: coverage, box: box)
    let likelihood = ColorLikelihood(scene, inside: zip(coverage, prior).map { 0.3 * $0 + 0.7 * $1 })
    let boxed = ColorLikelihood(scene, inside: coverage)
    for i in values.indices {
      values[i][12] = likelihood.logRatio(i)
      values[i][13] = prior[i]
      values[i][14] = coverage[i]
      values[i][15] = log(Float(box.area) / scene.frameArea)
      values[i][16] = log(Float(box.width) / Float(box.height))
      values[i][17] = boxed.logRatio(i)
      values[i][18] = best
      values[i][19] = scene.graph.regions[i].border.sum() > 0 ? 1 : 0
    }
    self.values = values
    bestOverlap = best
  }

  private static func coverage(_ scene: Scene, _ box: Region) -> [Float] {
    var counts = [Float](repeating: 0, count: scene.graph.count)
    for y in box.y..<box.maxY {
      for x in box.x..<box.maxX { counts[Int(scene.superpixels.labels[y * scene.scale.width + x])] += 1 }
    }
    for i in counts.indices { counts[i] /= scene.graph.regions[i].area }
    return counts
  }

  /// 0…3: where in the box, from its middle (0) to its sides (1).
  private static func addPlaces(_ values: inout [SIMD32<Float>], _ scene: Scene, box: Region) {
    let half = SIMD2(Float(box.width), Float(box.height)) / 2
    let middle = SIMD2(Float(box.x), Float(box.y)) + half
    for i in values.indices {
      let offset = scene.graph.regions[i].centroid - middle
      let across = min(3, abs(offset.x) / half.x)
      let down = min(3, abs(offset.y) / half.y)
      values[i][0] = across
      values[i][1] = down
      values[i][2] = max(across, down)
      values[i][3] = offset.y / half.y
    }
  }

  /// 4…9: for each tree how high the superpixel's region grows before it takes in something beyond the box, and how large
  /// it is by then.
  private static func addTrees(
    _ values: inout [SIMD32<Float>], _ scene: Scene, isOutside: [Bool], box: Region
  ) {
    for (t, tree) in scene.trees.enumerated() {
      let order = MergeTree.Order.allCases[t]
      var touches = isOutside + [Bool](repeating: false, count: tree.nodeCount - tree.leafCount)
      for node in 0..<tree.nodeCount - 1 where touches[node] { touches[Int(tree.parents[node])] = true }
      // From the root down: the largest node that stays within the box, and the height that breaks it.
      var height = [Float](repeating: 0, count: tree.nodeCount)
      var size = height
      for node in (0..<tree.nodeCount).reversed() where !touches[node] {
        let parent = Int(tree.parents[node])
        if parent < 0 || touches[parent] {
          height[node] = parent < 0 ? far : CandidateFeatures.normalized(tree.heights[parent], order)
          size[node] = tree.statistics[node].area / Float(box.area)
        } else {
          height[node] = height[parent]
          size[node] = size[parent]
        }
      }
      for leaf in 0..<tree.leafCount {
        values[leaf][4 + 2 * t] = height[leaf]
        values[leaf][5 + 2 * t] = size[leaf]
      }
    }
  }

  /// Weighs all regions within the box by how well they fill it out.
  private static func prior(
    _ scene: Scene, coverage: [Float], box: Region
  ) -> (prior: [Float], best: Float) {
    var prior = [Float](repeating: 0, count: coverage.count)
    var total: Float = 0
    var best: Float = 0
    for tree in scene.trees {
      for node in 0..<tree.nodeCount {
        let region = tree.statistics[node]
        let overlap = region.boxOverlap(box)
        guard overlap > 0.5 else { continue }
        best = max(best, overlap)
        let weight = exp(sharpness * (overlap - 1))
        total += weight
        for leaf in tree.leaves(of: node) { prior[Int(leaf)] += weight }
      }
    }
    if total > 0 { for i in prior.indices { prior[i] /= total } }
    return (prior, best)
  }
}

extension RegionStatistics {
  /// Intersection over union of the region's bounding box and `box`.
  func boxOverlap(_ box: Region) -> Float {
    let left = max(extent.x, Float(box.x))
    let top = max(extent.y, Float(box.y))
    let right = min(-extent.z + 1, Float(box.maxX))
    let bottom = min(-extent.w + 1, Float(box.maxY))
    let shared = max(0, right - left) * max(0, bottom - top)
    return shared / (boxWidth * boxHeight + Float(box.area) - shared)
  }
}
