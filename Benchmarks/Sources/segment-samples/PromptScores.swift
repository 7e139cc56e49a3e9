import Evaluation
import Foundation
import Imaging
import TestSupport

@testable import Segmentation

/// How well clicks and boxes do on pictures that nothing was fitted on: the mean overlap after 1, 3 and 5 of the robot's
/// clicks, the mean number of clicks to .85 (20 at most), and the overlap with a box and with a loosely drawn one.
struct PromptScores {
  private var clicked: [[Double]] = []
  private var boxed = 0.0
  private var looselyBoxed = 0.0

  mutating func add(_ picture: LabelledPicture, _ random: inout SplitMix64) throws {
    guard !picture.things.isEmpty else { return }
    let frame = try BuiltinSegmenter().prepare(picture.image)
    for truth in picture.things {
      guard let box = truth.boundingBox else { continue }
      clicked.append(try ClickRobot.play(truth: truth) { try frame.candidates(for: Prompts($0), limit: 1)[0].mask })
      let loose = ContextSampling.loosened(box, in: truth.bounds, &random) ?? box
      boxed += try PromptScores.overlap(frame, box, truth)
      looselyBoxed += try PromptScores.overlap(frame, loose, truth)
    }
  }

  private static func overlap(_ frame: BuiltinPreparedFrame, _ box: Region, _ truth: Plane<UInt8>) throws -> Double {
    MaskEvaluator.intersectionOverUnion(truth, try frame.candidates(for: Prompts(box: box), limit: 1)[0].mask)
  }

  func write(to path: String) throws {
    let scores = try ClickScores(overlaps: clicked)
    let count = Double(scores.objects)
    let row = [
      scores.overlapAfter1, scores.overlapAfter3, scores.overlapAfter5, scores.clicksTo85, boxed / count,
      looselyBoxed / count,
    ]
    let text = row.map { String(format: "%.4f", $0) }.joined(separator: " ")
    try "\(scores.objects) \(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
  }
}
