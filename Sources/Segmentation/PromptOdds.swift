import Foundation
import Imaging

/// What the prompts say of each superpixel, all kinds of prompt together.
struct PromptOdds: Sendable {
  /// Log-odds of belonging to the object, 0 at the best place to part.
  var logits: [Float]
  let seeds: Seeds
  /// The overlap with the true object that is expected of the answer, 0…1.
  let confidence: Float
  /// The regions around the first click inside; nil without one.
  let clicked: ClickedRegions?

  /// Log-odds that a given mask lends to its inside, and takes from its outside.
  private static let maskOdds: Float = 3
  private static let never: Float = -20
  /// Log-odds that a later click lends to the regions around it, or takes from them.
  private static let correctionOdds: Float = 8

  init(_ scene: Scene, prompts: Prompts) {
    seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels)
    var logits = [Float](repeating: 0, count: scene.graph.count)
    var clicked: ClickedRegions?
    if !seeds.inside.isEmpty {
      let features = ClickFeatures(scene, seeds: seeds)
      clicked = features.inside[0]
      let isFirst = seeds.inside.count + seeds.outside.count == 1
      let model = isFirst ? FittedModels.firstClick : FittedModels.click
      for i in logits.indices { logits[i] = model.logit(features.values[i]) }
      let best = PromptOdds.bestThreshold(scene, logits)
      for i in logits.indices { logits[i] -= best.logit }
      if !isFirst { PromptOdds.addCorrections(to: &logits, scene, seeds: seeds, features: features) }
    }
    let box = prompts.box.map { scene.scale.reduced($0) }
    if let box {
      let features = BoxFeatures(scene, box: box)
      for i in logits.indices {
        let boxed = FittedModels.box.logit(features.values[i])
        logits[i] = seeds.inside.isEmpty ? boxed : logits[i] + boxed
        if features.coverage[i] == 0 { logits[i] = PromptOdds.never }
      }
    }
    if let mask = prompts.mask {
      let shares = scene.shares(of: mask)
      for i in logits.indices { logits[i] += PromptOdds.maskOdds * (2 * shares[i] - 1) }
    }
    let best = PromptOdds.bestThreshold(scene, logits)
    // Clicks alone are settled already, and a given mask says where to part.
    if box != nil, prompts.mask == nil { for i in logits.indices { logits[i] -= best.logit } }
    self.logits = logits
    self.clicked = clicked
    confidence = best.overlap
  }

  /// What the first click alone means, moved by each later click in the regions around it: without it a correction may
  /// change the answer where nobody clicked.
  private static func addCorrections(
    to logits: inout [Float], _ scene: Scene, seeds: Seeds, features: ClickFeatures
  ) {
    var first = Seeds()
    first.inside = [seeds.inside[0]]
    let alone = ClickFeatures(scene, seeds: first).values.map { FittedModels.firstClick.logit($0) }
    let threshold = bestThreshold(scene, alone).logit
    for i in logits.indices {
      let later = features.inside.dropFirst().reduce(0) { $0 + $1.prior[i] }
      let opposite = features.outside.reduce(0) { $0 + $1.prior[i] }
      logits[i] += min(4, max(-4, alone[i] - threshold)) + correctionOdds * (later - opposite)
    }
  }

  /// Where to part so that the expected overlap is greatest, taking the odds at their word.
  private static func bestThreshold(_ scene: Scene, _ logits: [Float]) -> (logit: Float, overlap: Float) {
    let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
    let probable = logits.indices.map { scene.graph.regions[$0].area / (1 + exp(-logits[$0])) }
    let total = probable.reduce(0, +)
    var taken: Float = 0
    var area: Float = 0
    var best: (logit: Float, overlap: Float) = (0, 0)
    for i in order {
      taken += probable[i]
      area += scene.graph.regions[i].area
      let overlap = taken / (area + total - taken)
      if overlap > best.overlap { best = (min(0, logits[i]), overlap) }
    }
    return best
  }
}

extension Scene {
  /// How much of each superpixel a mask of the frame's size covers, 0…1.
  func shares(of mask: Plane<UInt8>) -> [Float] {
    var shares = [Float](repeating: 0, count: graph.count)
    for y in 0..<scale.height {
      let v = (2 * y + 1) * scale.fullHeight / (2 * scale.height)
      for x in 0..<scale.width where mask[(2 * x + 1) * scale.fullWidth / (2 * scale.width), v] != 0 {
        shares[Int(superpixels.labels[y * scale.width + x])] += 1
      }
    }
    for i in shares.indices { shares[i] /= graph.regions[i].area }
    return shares
  }
}
