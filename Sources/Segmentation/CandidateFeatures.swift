import Foundation

/// How much a region looks like the whole object that a click means, as numbers for the fitted ranking.
struct CandidateFeatures {
  var values: SIMD32<Float> = .zero

  /// - Parameters:
  ///   - node: below the root, on the chain of the clicked leaf.
  ///   - depth: how far the click lies from the region's contour, in working pixels.
  ///   - consensus: mean overlap with the best node of each other tree.
  init(
    tree: MergeTree, order: MergeTree.Order, node: Int, seed: Seeds.Seed, depth: Float, consensus: Float,
    frameArea: Float
  ) {
    let region = tree.statistics[node]
    let parent = Int(tree.parents[node])
    let whole = tree.statistics[parent]
    let size = region.area.squareRoot()
    values[0] = log(region.area / frameArea)
    values[1] = CandidateFeatures.normalized(tree.heights[node], order)
    values[2] = CandidateFeatures.normalized(tree.heights[parent], order)
    values[3] = values[2] - values[1]
    values[4] = min(3, log(whole.area / region.area))
    addContour(of: region)
    addShape(of: region, size: size)
    values[15] = depth / size
    let offset = region.centroid - SIMD2(seed.x, seed.y)
    values[16] = (offset * offset).sum().squareRoot() / size
    addColor(of: region, against: whole, clicked: tree.statistics[seed.superpixel])
    values[20] = consensus
    values[21 + order.rawValue] = 1
    values[26] = log((depth + 1) / frameArea.squareRoot())
  }

  /// Heights of the three orders on one scale.
  static func normalized(_ height: Float, _ order: MergeTree.Order) -> Float {
    switch order {
    case .boundary: log1p(height)
    case .color: log1p(height) / 3
    case .fitted: height * 3
    }
  }

  private mutating func addContour(of region: RegionStatistics) {
    let contour = region.contour.mean
    values[6] = log1p(contour[1])
    values[7] = contour[6]
    values[8] = contour[5]
    values[9] = log1p(region.meanInnerGradient)
    values[10] = log1p(contour[3]) - values[9]
  }

  private mutating func addShape(of region: RegionStatistics, size: Float) {
    let perimeter = max(region.perimeter, 1)
    values[5] = perimeter / size / 10
    values[11] = 4 * .pi * region.area / (perimeter * perimeter)
    values[12] = region.area / max(region.boxWidth * region.boxHeight, 1)
    values[13] = region.border.sum() / perimeter
    for side in 0..<4 where region.border[side] > 0.02 * perimeter { values[14] += 0.25 }
    values[19] = log(region.boxWidth / region.boxHeight)
    let center = region.centroid
    let gyration = max(region.moments.z / max(region.area, 1) - (center * center).sum(), 0.1)
    values[25] = region.area / (2 * .pi * gyration)
  }

  private mutating func addColor(
    of region: RegionStatistics, against whole: RegionStatistics, clicked: RegionStatistics
  ) {
    let spread = region.variance
    let deviation = (spread.x + spread.y + spread.z + 4).squareRoot()
    values[17] = log(deviation)
    let offset = region.meanColor - clicked.meanColor
    values[18] = (offset * offset).sum().squareRoot() / deviation
    // The colour that the parent adds.
    let rest = max(whole.area - region.area, 1)
    let sibling = (whole.color - region.color) / rest
    let contrast = sibling - region.meanColor
    values[24] = (contrast * contrast).sum().squareRoot() / 10
  }
}
