import Imaging

/// Looks for the whole that a region is a part of: a box that reaches further, and holds an object that fills it out.
struct WholeSearch {
  private struct Guess {
    var box: Region
    var labels: [Bool]
    /// How well the object in the box agrees with the box, 0…1.
    var agreement: Float
  }

  /// How far a side of the box is moved, in the region's size along it.
  private static let strides: [Double] = [0.35, 0.8, 1.5]
  private static let rounds = 2
  /// A box that its object fills out less than this is no guess.
  private static let leastAgreement: Float = 0.5

  let scene: Scene
  let seeds: Seeds

  /// Labels of wholes, the likeliest first.
  /// - Parameter part: labels that hold the seeds.
  func wholes(from part: [Bool]) -> [[Bool]] {
    guard let box = bounds(of: part) else { return [] }
    var found: [Guess] = []
    var start = box
    for _ in 0..<WholeSearch.rounds {
      let boxes = grown(start)
      let guesses = inParallel(boxes.count, threads: scene.threads) { guess(in: boxes[$0]) }.compactMap { $0 }
      found += guesses
      guard let best = guesses.max(by: { $0.agreement < $1.agreement }) else { break }
      start = best.box
    }
    return found.sorted { $0.agreement > $1.agreement }.map(\.labels)
  }

  /// The box with one side moved outward, or all.
  private func grown(_ box: Region) -> [Region] {
    let frame = Region(x: 0, y: 0, width: scene.scale.width, height: scene.scale.height)
    var boxes: [Region] = []
    for stride in WholeSearch.strides {
      let (dx, dy) = (Int(Double(box.width) * stride) + 1, Int(Double(box.height) * stride) + 1)
      for sides in [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)] {
        let moved = Region(
          x: box.x - sides.0 * dx, y: box.y - sides.1 * dy, width: box.width + (sides.0 + sides.2) * dx,
          height: box.height + (sides.1 + sides.3) * dy)
        boxes.append(moved.intersection(frame))
      }
    }
    return boxes.filter { $0 != box }
  }

  private func guess(in box: Region) -> Guess? {
    let features = BoxFeatures(scene, box: box)
    let logits = features.regressionOdds
    let expected = ExpectedOverlap(scene, logits: logits)
    let best = expected.bestThreshold(logits)
    let inside = scene.graph.connected(to: seeds.inside.prefix(1).map(\.superpixel)) { logits[$0] > best.logit }
    guard seeds.inside.allSatisfy({ inside[$0.superpixel] }), let found = bounds(of: inside) else { return nil }
    let shared = found.intersection(box).area
    let overlap = Float(shared) / Float(found.area + box.area - shared)
    let agreement = best.overlap * overlap
    guard agreement > WholeSearch.leastAgreement else { return nil }
    return Guess(box: found, labels: inside, agreement: agreement)
  }

  private func bounds(of labels: [Bool]) -> Region? {
    var extent = SIMD4<Float>(repeating: .infinity)
    for i in labels.indices where labels[i] { extent = pointwiseMin(extent, scene.graph.regions[i].extent) }
    guard extent.x.isFinite else { return nil }
    return Region(
      x: Int(extent.x), y: Int(extent.y), width: Int(-extent.z - extent.x) + 1, height: Int(-extent.w - extent.y) + 1)
  }
}
