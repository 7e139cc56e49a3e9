import Evaluation
import Foundation
import Imaging
import TestSupport
import Tracking

struct Report {
  let sheets: String?
  /// Which draws the tracker learns from; with others than those that ship, clips are tracked without corrections.
  var draws: UInt64 = 0

  func run(_ clips: [Clip]) throws {
    print("clip | J warp | J | F | decay | J, 1 correction | J, 3 corrections | first frame s | s a frame")
    var pairs: [(Float, Bool)] = []
    var sums = [Double](repeating: 0, count: 4)
    for clip in clips {
      let run = try Run(clip, draws: draws)
      let scores = Self.score(clip, run.masks)
      let corrected = draws == 0 ? try Self.corrected(clip) : [scores.j, .nan, .nan]
      let values = [Self.score(clip, FlowWarp.track(clip)).j] + corrected
      for i in values.indices { sums[i] += values[i] }
      pairs += Self.failures(clip, run)
      print(
        clip.name, f(values[0]), f(values[1]), f(scores.f), f(scores.decay), f(values[2]), f(values[3]),
        f(run.firstSeconds), f(run.seconds), separator: " | ")
      if let sheets { Self.sheet(clip, run, sheets) }
    }
    let means = sums.map { f($0 / Double(clips.count)) }
    print("mean", means[0], means[1], "", "", means[2], means[3], "", "", separator: " | ")
    print(
      "confidence: AUC for J < .5", f(Self.areaUnderCurve(pairs)), "-", pairs.count { $0.1 }, "of", pairs.count,
      "failed")
  }

  /// CPU with more and more objects of the same kind in one clip.
  func cost(_ clip: (_ objects: Int) -> Clip) throws {
    print("objects | first frame s | s a frame | J")
    for objects in [1, 3, 10] {
      let clip = clip(objects)
      let run = try Run(clip)
      print(objects, f(run.firstSeconds), f(run.seconds), f(Self.score(clip, run.masks).j), separator: " | ")
    }
  }

  /// J, by the whole product, without a correction, and of the frames that were not corrected after 1 and 3, each where the tool
  /// was least confident.
  private static func corrected(_ clip: Clip) throws -> [Double] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var run = try CorrectedRun(clip, folder: folder)
    var rest = clip
    var out = [score(clip, run.masks).j]
    for count in 1...3 {
      if let worst = try run.correctWorst() { rest.truth[worst] = nil }
      if count != 2 { out.append(score(rest, run.masks).j) }
    }
    return out
  }

  /// Mean over objects, each scored alone.
  static func score(_ clip: Clip, _ masks: [Mask]) -> (j: Double, f: Double, decay: Double) {
    var all: [MaskScores] = []
    for label in clip.truth[0]!.objects {
      var evaluator = MaskEvaluator()
      for (truth, mask) in zip(clip.truth, masks) {
        guard let truth else { continue }
        evaluator.add(truth: truth.coverage(of: label), prediction: mask.coverage(of: label))
      }
      all.append(evaluator.scores)
    }
    let mean = { (values: [Double?]) in values.compactMap { $0 }.reduce(0, +) / Double(values.count) }
    return (mean(all.map(\.j)), mean(all.map(\.f)), mean(all.map(\.jDecay)))
  }

  /// Confidence of each object and frame, and whether J fell below .5.
  static func failures(_ clip: Clip, _ run: Run) -> [(Float, Bool)] {
    var out: [(Float, Bool)] = []
    for label in clip.truth[0]!.objects {
      for t in 1..<clip.frames.count {
        guard let truth = clip.truth[t] else { continue }
        let j = MaskEvaluator.intersectionOverUnion(truth.coverage(of: label), run.masks[t].coverage(of: label))
        out.append((run.confidence[t][label] ?? 0, j < 0.5))
      }
    }
    return out
  }

  /// Of a pair of one failed and one good frame, how often the failed one has the lower confidence.
  static func areaUnderCurve(_ pairs: [(Float, Bool)]) -> Double {
    let failed = pairs.filter(\.1).map(\.0)
    let good = pairs.filter { !$0.1 }.map(\.0)
    guard !failed.isEmpty, !good.isEmpty else { return .nan }
    var wins = 0.0
    for a in failed { for b in good { wins += a < b ? 1 : a == b ? 0.5 : 0 } }
    return wins / Double(failed.count * good.count)
  }

  /// Tinted frames: red where only the track says object, green where only the truth does, yellow where both do.
  static func sheet(_ clip: Clip, _ run: Run, _ folder: String) {
    let name = clip.name.replacingOccurrences(of: " ", with: "-")
    for t in stride(from: 0, to: clip.frames.count, by: max(1, clip.frames.count / 16)) {
      var image = clip.frames[t]
      for i in image.pixels.indices {
        let tracked = run.masks[t].labels.samples[i] != 0
        let truth = clip.truth[t]?.labels.samples[i] ?? 0 != 0
        if !tracked && !truth { continue }
        var pixel = image.pixels[i] / 2
        if tracked { pixel.x += 32000 }
        if truth { pixel.y += 32000 }
        image.pixels[i] = pixel
      }
      let index = String(format: "%03d", t)
      try? PortableAnymap.write(image, to: "\(folder)/\(name)-\(index).ppm")
    }
  }

  private func f(_ value: Double) -> String { value.isNaN ? "-" : String(format: "%.3f", value) }
}
