import ArgumentParser
import Evaluation
import Foundation
import Imaging
import VideoIO

struct EvaluateVideoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "video",
    abstract: "PSNR and SSIM of the whole frame; inside the hole PSNR, detail and flicker.",
    discussion: """
      PSNR is the mean over frames, of 8-bit R'G'B'; 100 for equal frames. SSIM has a uniform 65x65 window. Detail is the \
      gradient inside the hole relative to the reference's: 1 is right, less is blur. Flicker is how much the hole's \
      change from frame to frame departs from the reference's, in levels of 255. Read the three together: PSNR alone \
      rewards a blur.

        cleanplate evaluate video truth/ out/ --masks masks/
        cleanplate evaluate video truth.mkv out.mkv --masks logo.png --json
      """)

  @Argument(help: "The true clip: a video or a folder of images.", completion: .file())
  var reference: String

  @Argument(help: "The clip to score, of as many frames.", completion: .file())
  var output: String

  @Option(help: "Where the hole is: a folder, a still image, a mask video or a zip.", completion: .file())
  var masks: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let truth = try MediaSource.open(reference)
    let guess = try MediaSource.open(output)
    guard truth.info.frameCount == guess.info.frameCount else {
      throw BadInput(sentence: "\(truth.info.frameCount) frames against \(guess.info.frameCount)")
    }
    let holes = try masks.map { path in
      try MaskSource.open(
        path, width: truth.info.displayedWidth, height: truth.info.displayedHeight, frameCount: truth.info.frameCount,
        allowRescale: true)
    }
    var evaluator = VideoEvaluator()
    for index in 0..<truth.info.frameCount {
      let reference = truth.info.orientation.displayed(RGBImage(try truth.frame(at: index).frame))
      let image = guess.info.orientation.displayed(RGBImage(try guess.frame(at: index).frame))
      try evaluator.add(reference: reference, output: image, hole: try holes?.mask(at: index).labels)
    }
    try ScorePrinter(json: json).print(evaluator.scores, lines: Self.lines(evaluator.scores))
  }

  static func lines(_ scores: VideoScores) -> [(name: String, value: Double?)] {
    [
      ("frames", Double(scores.frames)), ("psnr", scores.psnr), ("ssim", scores.ssim), ("hole_psnr", scores.holePSNR),
      ("detail", scores.detail), ("flicker", scores.flicker),
    ]
  }
}

/// Prints scores on stdout: a line each, or JSON.
struct ScorePrinter {
  let json: Bool

  func print(_ scores: some Encodable, lines: [(name: String, value: Double?)]) throws {
    guard !json else {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      Swift.print(String(decoding: try encoder.encode(scores), as: UTF8.self))
      return
    }
    for line in lines {
      let name = line.name.padding(toLength: 12, withPad: " ", startingAt: 0)
      Swift.print(name + (line.value.map(Self.text) ?? "-"))
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) >= 1 ? String(Int(value)) : String(format: "%.4f", value)
  }
}
