import Evaluation
import Imaging
import TestSupport

@testable import Segmentation

/// The robot's clicks on agreed objects: the regions that it could mean, and what each superpixel is.
enum ClickSampling {
  private static let objectsPerPicture = 4
  private static let clicks = 6
  private static let superpixelsPerClick = 80

  static func sample(
    _ picture: LabelledPicture, _ random: inout SplitMix64, into sink: inout SampleSink
  ) throws {
    let frame = try BuiltinSegmenter().prepare(picture.image)
    for truth in picture.things.prefix(objectsPerPicture) {
      let shares = frame.scene.shares(of: truth)
      if let box = truth.boundingBox { add(frame.scene, box, shares, &random, &sink) }
      _ = try ClickRobot.play(truth: truth, limit: clicks) { clicks in
        let prompts = Prompts(clicks)
        add(frame, prompts, shares, &random, &sink)
        return try frame.candidates(for: prompts, limit: 1)[0].mask
      }
    }
  }

  private static func add(
    _ frame: BuiltinPreparedFrame, _ prompts: Prompts, _ shares: [Float], _ random: inout SplitMix64,
    _ sink: inout SampleSink
  ) {
    let scene = frame.scene
    let seeds = Seeds(prompts, scale: scene.scale, superpixels: scene.superpixels)
    let features = ClickFeatures(scene, seeds: seeds)
    var total: Float = 0
    for (share, region) in zip(shares, scene.graph.regions) { total += share * region.area }
    if seeds.outside.isEmpty, seeds.inside.count == 1 {
      for region in features.inside[0].ranked {
        var shared: Float = 0
        for leaf in scene.trees[region.tree].leaves(of: region.node) {
          shared += shares[Int(leaf)] * scene.graph.regions[Int(leaf)].area
        }
        let union = scene.trees[region.tree].statistics[region.node].area + total - shared
        let overlap = shared / max(union, 1)
        sink.add("regions", (0..<32).map { region.features[$0] } + [overlap, 0.3 + overlap])
      }
    }
    // Near the object as often as anywhere.
    let weights = features.values.map { 0.15 + $0[6] + ($0[12] < 2 ? 0.5 : 0) }
    let sum = weights.reduce(0, +)
    for i in shares.indices {
      let chance = min(1, Float(superpixelsPerClick) * weights[i] / sum)
      guard Float.random(in: 0..<1, using: &random) < chance else { continue }
      let weight = min(20, scene.graph.regions[i].area / total / chance * 20)
      sink.add(
        prompts.inside.count + prompts.outside.count == 1 ? "first" : "clicks",
        (0..<32).map { features.values[i][$0] } + [shares[i], weight])
    }
  }

  private static func add(
    _ scene: Scene, _ box: Region, _ shares: [Float], _ random: inout SplitMix64, _ sink: inout SampleSink
  ) {
    let features = BoxFeatures(scene, box: box)
    for i in shares.indices where features.coverage[i] > 0 {
      let weight = min(4, scene.graph.regions[i].area / Float(box.area) * 40)
      sink.add("boxes", (0..<32).map { features.values[i][$0] } + [shares[i], weight])
    }
  }
}

extension Prompts {
  init(_ clicks: [Click]) {
    self.init(
      inside: clicks.filter(\.isInside).map { .init(x: $0.x, y: $0.y) },
      outside: clicks.filter { !$0.isInside }.map { .init(x: $0.x, y: $0.y) })
  }
}
