import Foundation

/// How likely each superpixel changes sides together with a click, by the regions around the click.
struct ChangedRegions {
  /// 0…1.
  private(set) var prior: [Float]

  private static let sharpness: Float = 14
  /// What a click may add, and take away, in areas of the answer, before its regions lose by their size.
  private static let room: (inside: Float, outside: Float) = (1, 0.7)
  /// The expected overlap lost each time that the change is e times larger.
  private static let loss: Float = 0.3

  /// - Parameters:
  ///   - clicked: around each superpixel of the click or stroke.
  ///   - isWrong: whether each superpixel lies on the side that the click calls wrong.
  ///   - area: of the answer that the click mends.
  init(_ scene: Scene, clicked: [ClickedRegions], isWrong: [Bool], area: Float, isInside: Bool) {
    let room = max(1, area * (isInside ? ChangedRegions.room.inside : ChangedRegions.room.outside))
    prior = [Float](repeating: 0, count: isWrong.count)
    for regions in clicked {
      let scores = regions.ranked.map { region in
        region.score - ChangedRegions.loss * max(0, log(ChangedRegions.change(scene, region, isWrong) / room))
      }
      let own = regions.prior(scene, scores: scores, sharpness: ChangedRegions.sharpness)
      for i in prior.indices { prior[i] = max(prior[i], own[i]) }
    }
  }

  private static func change(_ scene: Scene, _ region: ClickedRegions.Ranked, _ isWrong: [Bool]) -> Float {
    var area: Float = 0
    for leaf in scene.trees[region.tree].leaves(of: region.node) where isWrong[Int(leaf)] {
      area += scene.graph.regions[Int(leaf)].area
    }
    return area
  }
}
