import Evaluation
import Foundation
import Imaging
import TestSupport

@testable import Segmentation

/// How well clicks and boxes do on pictures that nothing was fitted on: the mean overlap after 1, 3 and 5 of the robot's
/// clicks, the mean number of clicks to .85 (20 at most), and the overlap with a box and with a loosely drawn one.
struct PromptScores {
  private var sums = [Double](repeating: 0, count: 6)
  private var count = 0

  mutating func add(_ picture: LabelledPicture, _ random: inout SplitMix64) throws {
    guard !picture.things.isEmpty else { return }
    let frame = try BuiltinSegmenter().prepare(picture.image)
    for truth in picture.things {
      let overlaps = try ClickRobot.play(truth: truth) { try frame.candidates(for: Prompts($0), limit: 1)[0].mask }
      guard let box = truth.boundingBox else { continue }
      let loose = ContextSampling.loosened(box, in: truth.bounds, &random) ?? box
      let boxed = try [box, loose].map { box in
        MaskEvaluator.intersectionOverUnion(truth, try frame.candidates(for: Prompts(box: box), limit: 1)[0].mask)
      }
      let needed = Double((overlaps.firstIndex { $0 >= 0.85 } ?? 19) + 1)
      for (i, value) in ([overlaps[0], overlaps[2], overlaps[4], needed] + boxed).enumerated() { sums[i] += value }
      count += 1
    }
  }

  func write(to path: String) throws {
    let row = sums.map { String(format: "%.4f", $0 / Double(max(1, count))) }.joined(separator: " ")
    try "\(count) \(row)\n".write(toFile: path, atomically: true, encoding: .utf8)
  }
}
