import Foundation
import Imaging

/// What the prompts say of each superpixel, all kinds of prompt together.
struct PromptOdds: Sendable {
  /// Log-odds of belonging to the object, 0 at the best place to part.
  var logits: [Float]
  /// The same as the fitted models give them, 0 where belonging is as likely as not.
  let calibrated: [Float]
  let seeds: Seeds
  /// `BoxFeatures.coverage`, where a box was drawn.
  let coverage: [Float]?
  /// `ClickReplay.soleEvidence`.
  let soleEvidence: [Float]?

  /// Log-odds that a given mask lends to its inside, and takes from its outside.
  private static let maskOdds: Float = 3
  private static let never: Float = -20
  /// Log-odds that a later click lends to the regions around it, or takes from them.
  private static let correctionOdds: Float = 8

  init(_ scene: Scene, prompts: Prompts, memo: ReplayMemo) {
    var seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels)
    var logits = [Float](repeating: 0, count: scene.graph.count)
    var calibrated = logits
    var soleEvidence: [Float]?
    var coverage: [Float]?
    if let mask = prompts.mask {
      logits = PromptOdds.mended(scene, mask: mask, seeds: seeds)
      calibrated = logits
    } else if !seeds.inside.isEmpty {
      let replay = ClickReplay.play(seeds, on: scene, memo: memo)
      calibrated = replay.calibrated
      logits = replay.logits
      seeds = replay.pinned
      soleEvidence = replay.soleEvidence
    }
    if let box = prompts.box.map({ scene.scale.reduced($0) }) {
      let features = BoxFeatures(scene, box: box)
      coverage = features.coverage
      var odds = features.odds(scene)
      if seeds.inside.isEmpty { odds.add(scene.boxMotionOdds) }
      for i in logits.indices {
        let boxed = odds[i]
        let isBeyond = features.coverage[i] == 0
        calibrated[i] = isBeyond ? PromptOdds.never : calibrated[i] + boxed
        logits[i] = isBeyond ? PromptOdds.never : logits[i] + boxed
      }
      // A given mask says where to part.
      if prompts.mask == nil { logits = ExpectedOverlap.parted(scene, logits) }
    }
    self.seeds = seeds
    self.coverage = coverage
    self.soleEvidence = soleEvidence
    self.calibrated = calibrated
    self.logits = logits
  }

  /// What a given mask says, moved by each click in the regions around it.
  private static func mended(_ scene: Scene, mask: Plane<UInt8>, seeds: Seeds) -> [Float] {
    var logits = scene.shares(of: mask).map { maskOdds * (2 * $0 - 1) }
    for (clicks, opposite, sign) in [(seeds.inside, seeds.outside, Float(1)), (seeds.outside, seeds.inside, -1)] {
      for seed in clicks {
        let prior = ClickedRegions(scene, seed: seed, opposite: opposite).prior
        for i in logits.indices { logits[i] += sign * correctionOdds * prior[i] }
      }
    }
    return logits
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
