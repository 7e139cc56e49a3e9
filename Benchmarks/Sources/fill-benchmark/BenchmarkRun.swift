import Evaluation
import Foundation
import Imaging
import Inpainting
import TestSupport

/// Fills clip after clip and prints a line for each.
struct BenchmarkRun {
  let arguments: Arguments
  let folder: URL
  let baselines: [String: Double]

  init(_ arguments: Arguments) {
    self.arguments = arguments
    folder = URL(fileURLWithPath: arguments["eval"] ?? ".build-data/eval")
    baselines = BenchmarkRun.readBaselines()
  }

  private static func readBaselines() -> [String: Double] {
    let paths = [SharedClips.path("eval/baselines.json")].compactMap { $0 }
    guard let data = paths.lazy.compactMap({ FileManager.default.contents(atPath: $0) }).first,
      let table = try? JSONDecoder().decode([String: [String: Double]].self, from: data)
    else { return [:] }
    return table.compactMapValues { $0["psnr"] }
  }

  func all() throws {
    print(Row.title)
    let names = try arguments.list("clips") ?? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    for holes in EvalClip.Holes.allCases where arguments["holes"] == nil || arguments["holes"] == holes.rawValue {
      var rows: [Row] = []
      for name in names {
        let clip = try EvalClip(
          folder: folder, name: name, holes: holes, limit: arguments.number("frames", default: .max))
        let row = try fill(clip)
        print(row.line)
        rows.append(row)
      }
      if rows.count > 1 { print(Row.mean(rows, name: "mean/\(holes.rawValue)").line) }
    }
  }

  private func fill(_ clip: EvalClip) throws -> Row {
    let engine = BuiltinInpainter(options: arguments.options, threads: arguments.number("threads", default: 1))
    let size = clip.truth[0].bounds
    let plan = try engine.plan(width: size.width, height: size.height, memory: 750 << 20)
    let start = userSeconds()
    var output: [FilledFrame] = []
    while output.count < clip.truth.count {
      output += try engine.fill(window(clip, output, plan), cancellation: Cancellation(), progress: { _ in })
    }
    let seconds = userSeconds() - start
    try write(output, clip)
    var evaluator = VideoEvaluator()
    for (index, frame) in output.enumerated() {
      try evaluator.add(reference: clip.truth[index], output: frame.image, hole: clip.masks[index])
    }
    return Row(clip, output, evaluator.scores, seconds: seconds / Double(output.count), baselines: baselines)
  }

  private func window(_ clip: EvalClip, _ done: [FilledFrame], _ plan: WindowPlan) -> InpaintingWindow {
    let first = max(0, done.count - plan.before)
    let end = min(clip.truth.count, done.count + plan.core)
    let last = min(clip.truth.count, end + plan.after)
    return InpaintingWindow(
      frames: (first..<last).map { $0 < done.count ? done[$0].image : clip.blanked[$0] },
      holes: Array(clip.masks[first..<last]),
      filled: (first..<last).map { $0 < done.count ? done[$0].provenance : nil },
      core: done.count - first..<end - first)
  }

  private func write(_ output: [FilledFrame], _ clip: EvalClip) throws {
    guard let target = arguments["write"] else { return }
    let folder = "\(target)/\(clip.name)-\(clip.holes.rawValue)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (index, frame) in output.enumerated() {
      let name = String(format: "%05d", index)
      try PortableAnymap.write(frame.image, to: "\(folder)/\(name).ppm")
      try PortableAnymap.write(frame.provenance.map { $0 &* 80 }, to: "\(folder)/\(name).pgm")
    }
  }
}
