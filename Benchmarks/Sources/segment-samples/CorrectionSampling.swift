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
    var rows = CorrectionRows()
    for truth in things {
      let shares = frame.scene.shares(of: truth)
      for _ in 0..<(things.count < 3 ? 2 : 1) { try play(truth, shares, frame, &random, into: &rows) }
    }
    try rows.file(frame.scene, picture).write(to: URL(fileURLWithPath: path))
  }

  private static func play(
    _ truth: Plane<UInt8>, _ shares: [Float], _ frame: BuiltinPreparedFrame, _ random: inout SplitMix64,
    into rows: inout CorrectionRows
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
    guard let best = ClickRobot.correction(truth: truth, mask: mask, clicked: clicked) else { return nil }
    guard Double.random(in: 0..<1, using: &random) < careless else { return best }
    let wrong = Plane<UInt8>(
      width: truth.width, height: truth.height,
      samples: zip(truth.samples, mask.samples).map { ($0 != 0) == best.isInside && ($1 != 0) != best.isInside ? UInt8(1) : 0 })
    let parts = wrong.components(connectivity: .four)
    guard let place = deep(parts.coverage { $0 == parts.largest }, &random) else { return best }
    return Click(x: place % truth.width, y: place / truth.width, isInside: best.isInside)
  }

  /// A place at least half as deep as the deepest.
  private static func deep(_ set: Plane<UInt8>, _ random: inout SplitMix64) -> Int? {
    let depth = set.map { $0 == 0 ? UInt8(0) : 255 }.squaredDistances(to: .background)
    guard let most = zip(depth.samples, set.samples).filter({ $1 != 0 }).map(\.0).max() else { return nil }
    return set.samples.indices.filter { set.samples[$0] != 0 && depth.samples[$0] * 4 >= most }
      .randomElement(using: &random)
  }
}

private struct CorrectionRows {
  private var count: Int32 = 0
  private var body = Data()

  mutating func add(kind: Int, _ shares: [Float], _ features: CorrectionFeatures) {
    count += 1
    body.append(values: [Int32(kind)])
    body.append(values: shares)
    body.append(
      values: features.odds.indices.flatMap { i in
        (0..<32).map { features.clicks[i][$0] } + (0..<8).map { features.changes[i][$0] } + [features.odds[i]]
      })
  }

  func file(_ scene: Scene, _ picture: LabelledPicture) -> Data {
    var file = Data()
    file.append(values: [Int32(scene.scale.width), Int32(scene.scale.height), Int32(scene.graph.count), count])
    file.append(values: scene.superpixels.labels.map { UInt16($0) })
    file.append(values: picture.image.rgbBytes)
    return file + body
  }
}
