import Evaluation
import Foundation
import Imaging
import TestSupport
import Tracking

/// User seconds of CPU of this process so far.
func userSeconds() -> Double {
  var usage = rusage()
  #if canImport(Glibc)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  #else
    getrusage(RUSAGE_SELF, &usage)
  #endif
  return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
}

struct Run {
  var masks: [Mask] = []
  /// For each frame and object.
  var confidence: [[UInt8: Float]] = []
  var firstSeconds = 0.0
  var seconds = 0.0
}

struct Report {
  let sheets: String?
  let warps: Bool

  static func clips(_ data: String, only: String?, frames: Int?) throws -> [Clip] {
    var clips: [Clip] = []
    for name in ["car-shadow", "bmx-trees", "tennis"] where only == nil || name.contains(only!) {
      clips.append(try Clip.folder(name, at: data + "/clips/" + name))
    }
    if only == nil || !clips.contains(where: { $0.name == only }) {
      clips += try Composites.all(data).filter { only == nil || $0.name.contains(only!) }
    }
    guard let frames else { return clips }
    return clips.map {
      Clip(name: $0.name, frames: Array($0.frames.prefix(frames)), truth: Array($0.truth.prefix(frames)))
    }
  }

  static func track(_ clip: Clip, corrections: [Int: Mask] = [:]) throws -> Run {
    var tracker = BuiltinTracker()
    var run = Run()
    for (t, frame) in clip.frames.enumerated() {
      let start = userSeconds()
      let tracked = try tracker.step(frame, correction: t == 0 ? clip.truth[0]! : corrections[t])
      if t == 0 { run.firstSeconds = userSeconds() - start } else { run.seconds += userSeconds() - start }
      run.masks.append(tracked.mask)
      run.confidence.append(tracked.confidence)
    }
    run.seconds /= Double(max(1, clip.frames.count - 1))
    return run
  }

  func run(_ clips: [Clip]) {
    print("clip | J warp | J | F | decay | first s | s/frame")
    var pairs: [(Float, Bool)] = []
    var (total, totalWarp) = (0.0, 0.0)
    for clip in clips {
      guard let run = try? Self.track(clip) else { continue }
      let scores = Self.score(clip, run.masks)
      let warp = warps ? Self.score(clip, FlowWarp.track(clip)).j : 0
      pairs += Self.failures(clip, run)
      total += scores.j
      totalWarp += warp
      print(
        clip.name, f(warp), f(scores.j), f(scores.f), f(scores.decay), f(run.firstSeconds),
        f(run.seconds), separator: " | ")
      if let sheets { Self.sheet(clip, run, sheets) }
    }
    print("mean", f(totalWarp / Double(clips.count)), f(total / Double(clips.count)), separator: " | ")
    print("confidence AUC (J < .5):", f(Self.areaUnderCurve(pairs)), "of", pairs.count, "failed", pairs.count { $0.1 })
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

  private func f(_ value: Double) -> String { String(format: "%.3f", value) }
}
