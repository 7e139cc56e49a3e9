import Foundation
import Imaging
import TestSupport

@testable import Evaluation
@testable import Segmentation

/// What `CorrectionNetwork` is fitted on: each picture with its superpixels, and for clicks that mend answers on its things
/// the features and odds of every superpixel beside how much of it belongs.
///
/// Files are as those of `ContextSampling`; kinds count the clicks, and each superpixel has 31 features, the odds of all
/// clicks, 8 of the change, and the ruled odds.
enum CorrectionSampling {
  private static let (objects, clicks) = (4, 12)
  /// How often somebody clicks elsewhere in an error than on its innermost point.
  private static let careless = 0.4

  static func sample(_ picture: LabelledPicture, _ random: inout SplitMix64, to path: String) throws {
    let things = picture.things.prefix(objects)
    if things.isEmpty { return }
    let frame = try BuiltinSegmenter().prepare(picture.image)
    var rows = PromptRows(frame.scene)
    for truth in things {
      let shares = frame.scene.shares(of: truth)
      for _ in 0..<(things.count < 3 ? 2 : 1) { try play(truth, shares, frame, &random, into: &rows) }
    }
    try rows.file(picture).write(to: URL(fileURLWithPath: path))
  }

  private static func play(
    _ truth: Plane<UInt8>, _ shares: [Float], _ frame: BuiltinPreparedFrame, _ random: inout SplitMix64,
    into rows: inout PromptRows
  ) throws {
    let scene = frame.scene
    var clicked = [try ClickRobot.firstClick(on: truth)]
    if Double.random(in: 0..<1, using: &random) < careless, let place = deep(truth, &random) {
      clicked = [Click(x: place % truth.width, y: place / truth.width, isInside: true)]
    }
    while clicked.count < clicks {
      let mask = try frame.candidates(for: Prompts(clicked), limit: 1)[0].mask
      guard let next = correction(truth, mask, clicked, &random) else { return }
      let before = Seeds(Prompts(clicked), scale: scene.scale, superpixels: scene.superpixels)
      clicked.append(next)
      let after = Seeds(Prompts(clicked), scale: scene.scale, superpixels: scene.superpixels)
      let new =
        next.isInside
        ? after.inside.dropFirst(before.inside.count) : after.outside.dropFirst(before.outside.count)
      guard !new.isEmpty else { continue }
      var replay = ClickReplay.play(before, on: scene, memo: frame.memo)
      rows.add(kind: clicked.count, shares, replay.see(Array(new), isInside: next.isInside))
    }
  }

  private static func correction(
    _ truth: Plane<UInt8>, _ mask: Plane<UInt8>, _ clicked: [Click], _ random: inout SplitMix64
  ) -> Click? {
    guard Double.random(in: 0..<1, using: &random) < careless else {
      return ClickRobot.correction(truth: truth, mask: mask, clicked: clicked)
    }
    let (error, isInside) = ClickRobot.largestError(truth: truth, mask: mask, clicked: clicked)
    return deep(error, &random).map { Click(x: $0 % truth.width, y: $0 / truth.width, isInside: isInside) }
  }

  /// A place at least half as deep as the deepest.
  private static func deep(_ set: Plane<UInt8>, _ random: inout SplitMix64) -> Int? {
    let depth = set.map { $0 == 0 ? UInt8(0) : 255 }.squaredDistances(to: .background)
    guard let most = zip(depth.samples, set.samples).filter({ $1 != 0 }).map(\.0).max() else { return nil }
    return set.samples.indices.filter { set.samples[$0] != 0 && depth.samples[$0] * 4 >= most }
      .randomElement(using: &random)
  }
}

extension PromptRows {
  fileprivate mutating func add(kind: Int, _ shares: [Float], _ features: CorrectionFeatures) {
    add(kind: Int32(kind), shares) { i in
      (0..<32).map { features.clicks[i][$0] } + (0..<8).map { features.changes[i][$0] } + [features.odds[i]]
    }
  }
}
