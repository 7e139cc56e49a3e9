import Evaluation
import Foundation
import Imaging
import Inpainting
import ObjectRemoval
import TestSupport
import VideoIO

/// How near the demo's result comes to the truth, beside the clip as it was and a smooth fill of the same masks.
struct DemoScore: Encodable {
  /// J and F of the masks, which hold the walker and his shadow.
  var masks: MaskScores
  var untouched: VideoScores
  var membrane: VideoScores
  var cleanplate: VideoScores

  /// Reads what the job left; the hole is where the walker truly is.
  init(scene: SyntheticScene, folder: DemoFolder, threads: Int) throws {
    let before = try MediaSource.open(folder.before)
    let after = try MediaSource.open(folder.after)
    let tracked = try MaskSource.open(
      folder.masks, width: scene.width, height: scene.height, frameCount: scene.frameCount)
    var masks = MaskEvaluator()
    var scores = [VideoEvaluator](repeating: VideoEvaluator(), count: 3)
    for index in 0..<scene.frameCount {
      let truth = scene.frame(index)
      let hole = truth.objects.coverage()
      let mask = try tracked.mask(at: index).coverage()
      let image = RGBImage(try before.frame(at: index).frame)
      let smooth = try Self.membrane(image, mask.dilated(radius: 3), threads: threads)
      let result = RGBImage(try after.frame(at: index).frame)
      masks.add(truth: truth.changed, prediction: mask)
      for (which, picture) in [image, smooth, result].enumerated() {
        try scores[which].add(reference: truth.cleanPlate, output: picture, hole: hole)
      }
    }
    self.masks = masks.scores
    (untouched, membrane, cleanplate) = (scores[0].scores, scores[1].scores, scores[2].scores)
  }

  /// The built-in engine with nothing to go by: one frame, no patches, no grain.
  private static func membrane(_ image: RGBImage, _ hole: Plane<UInt8>, threads: Int) throws -> RGBImage {
    var options = InpaintingOptions()
    options.completesPatches = false
    options.matchesGrain = false
    let window = InpaintingWindow(frames: [image], holes: [hole], filled: [nil], core: 0..<1)
    let engine = BuiltinInpainter(options: options, threads: threads)
    return try engine.fill(window, cancellation: Cancellation()) { _ in }[0].image
  }

  var text: String {
    var lines = ["against the truth    PSNR     SSIM     PSNR in the hole   detail   flicker"]
    for (name, scores) in [("clip as it was", untouched), ("smooth fill", membrane), ("cleanplate", cleanplate)] {
      let cells = [scores.psnr, scores.ssim, scores.holePSNR, scores.detail, scores.flicker]
      let formats = ["%7.2f", "%7.4f", "%12.2f", "%12.3f", "%7.2f"]
      let row = zip(cells, formats).map { value, format in value.map { String(format: format, $0) } ?? "-" }
      lines.append(name.padding(toLength: 18, withPad: " ", startingAt: 0) + row.joined(separator: "  "))
    }
    if let j = masks.j, let f = masks.f {
      lines.append(String(format: "mask of the walker and his shadow: J %.3f, F %.3f", j, f))
    }
    return lines.joined(separator: "\n")
  }
}

/// What `demo --json` prints.
struct DemoResult: Encodable {
  var before: String
  var after: String
  var film: String
  var picture: String
  var scores: DemoScore
  var report: RemovalReport

  init(_ folder: DemoFolder, _ scores: DemoScore, _ report: RemovalReport) {
    (before, after, film, picture) = (folder.before, folder.after, folder.film, folder.picture)
    self.scores = scores
    self.report = report
  }
}
