import Evaluation
import Foundation
import Imaging
import TestSupport

@testable import Segmentation

/// What `ContextNetwork` is fitted on: each picture with its superpixels, and for prompts on its objects the features and
/// odds of every superpixel beside how much of it belongs.
///
/// A file a picture, little endian: width, height, superpixels, prompts (Int32); the superpixel of each pixel (UInt16); RGB
/// bytes; for each prompt its kind (Int32: 1 first click, 2 several, 3 box, 4 loose box), the belonging share of each
/// superpixel (Float), and for each superpixel 31 features and the fitted regression's odds (Float).
enum ContextSampling {
  private static let clicks = 5
  private static let looseness = 0.02..<0.12

  static func sample(_ picture: LabelledPicture, _ random: inout SplitMix64, to path: String) throws {
    if picture.objects.isEmpty { return }
    let frame = try BuiltinSegmenter().prepare(picture.image)
    var rows = PromptRows(frame.scene)
    for truth in picture.objects {
      let shares = frame.scene.shares(of: truth)
      _ = try ClickRobot.play(truth: truth, limit: clicks) { clicks in
        rows.add(clicks, shares)
        return try frame.candidates(for: Prompts(clicks), limit: 1)[0].mask
      }
      let inside = truth.samples.indices.filter { truth.samples[$0] != 0 }
      if let place = inside.randomElement(using: &random) {
        rows.add([Click(x: place % truth.width, y: place / truth.width, isInside: true)], shares)
      }
      guard let box = truth.boundingBox else { continue }
      rows.add(box, kind: 3, shares)
      if let loose = loosened(box, in: truth.bounds, &random) { rows.add(loose, kind: 4, shares) }
    }
    try rows.file(picture).write(to: URL(fileURLWithPath: path))
  }

  /// The box as somebody in a hurry draws it; nil where nothing is left of it.
  static func loosened(_ box: Region, in frame: Region, _ random: inout SplitMix64) -> Region? {
    let share = Double.random(in: looseness, using: &random)
    let (dx, dy) = (Int(Double(box.width) * share), Int(Double(box.height) * share))
    let left = max(0, box.x + Int.random(in: -dx...dx, using: &random))
    let top = max(0, box.y + Int.random(in: -dy...dy, using: &random))
    let right = min(frame.width, box.maxX + Int.random(in: -dx...dx, using: &random))
    let bottom = min(frame.height, box.maxY + Int.random(in: -dy...dy, using: &random))
    guard right - left >= 4, bottom - top >= 4 else { return nil }
    return Region(x: left, y: top, width: right - left, height: bottom - top)
  }
}

/// A picture's superpixels, and numbers of each for one prompt after another.
struct PromptRows {
  private let scene: Scene
  private var count: Int32 = 0
  private var body = Data()

  init(_ scene: Scene) { self.scene = scene }

  mutating func add(_ clicks: [Click], _ shares: [Float]) {
    let seeds = Seeds(Prompts(clicks), scale: scene.scale, superpixels: scene.superpixels)
    let features = ClickFeatures(scene, seeds: seeds)
    add(kind: clicks.count == 1 ? 1 : 2, shares, features.values, features.regressionOdds)
  }

  mutating func add(_ box: Region, kind: Int32, _ shares: [Float]) {
    let features = BoxFeatures(scene, box: scene.scale.reduced(box))
    add(kind: kind, shares, features.values, features.regressionOdds)
  }

  private mutating func add(kind: Int32, _ shares: [Float], _ features: [SIMD32<Float>], _ odds: [Float]) {
    add(kind: kind, shares) { i in (0..<31).map { features[i][$0] } + [odds[i]] }
  }

  /// - Parameter row: the numbers of a superpixel.
  mutating func add(kind: Int32, _ shares: [Float], row: (Int) -> [Float]) {
    count += 1
    body.append(values: [kind])
    body.append(values: shares)
    body.append(values: shares.indices.flatMap(row))
  }

  func file(_ picture: LabelledPicture) -> Data {
    var file = Data()
    file.append(values: [Int32(scene.scale.width), Int32(scene.scale.height), Int32(scene.graph.count), count])
    file.append(values: scene.superpixels.labels.map { UInt16($0) })
    file.append(values: picture.image.rgbBytes)
    return file + body
  }
}

extension Data {
  fileprivate mutating func append<Value>(values: [Value]) { values.withUnsafeBytes { append(contentsOf: $0) } }
}
