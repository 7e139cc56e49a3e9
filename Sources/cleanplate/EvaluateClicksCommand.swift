import ArgumentParser
import Evaluation
import Imaging
import ObjectRemoval
import Segmentation
import VideoIO

struct EvaluateClicksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clicks",
    abstract: "Lets a robot click objects out, and counts its clicks.",
    discussion: """
      The robot clicks on the object's innermost point, then each time on the middle of the largest error. Prints the mean \
      overlap after 1, 3 and 5 clicks and the mean clicks to an overlap of 0.85 and 0.90, over all objects of all frames. \
      As in a job, an engine may tell by a frame's neighbours in the folder or video what moves.

        cleanplate evaluate clicks frames/ annotations/
        cleanplate evaluate clicks photo.jpg mask.png --limit 10 --json
      """)

  @Argument(help: "The frames: a folder of images, an image or a video.", completion: .file())
  var frames: String

  @Argument(help: "The true label maps, one for each frame.", completion: .file())
  var truth: String

  @Option(help: "Most clicks for an object.")
  var limit = 20

  @Option(help: ArgumentHelp("Work on each n-th frame only.", valueName: "n"))
  var every = 1

  @Option(help: "The engine that selects.")
  var segmenter = "builtin"

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    guard 1...100 ~= limit else { throw ValidationError("--limit is 1 to 100") }
    guard every >= 1 else { throw ValidationError("--every is 1 or more") }
  }

  func run() throws {
    var settings = RemovalSettings()
    settings.segmenter = segmenter
    let engine = try Engines.segmenter(settings)
    let clip = try MediaSource.open(frames)
    let labels = try MaskSource.open(
      truth, width: clip.info.displayedWidth, height: clip.info.displayedHeight, frameCount: clip.info.frameCount,
      allowRescale: true)
    var overlaps: [[Double]] = []
    for index in stride(from: 0, to: clip.info.frameCount, by: every) {
      let mask = try labels.mask(at: index)
      guard !mask.isEmpty else { continue }
      overlaps += try play(engine, on: index, of: clip, mask)
    }
    guard !overlaps.isEmpty else { throw BadInput(sentence: "\(truth): no frame has an object to click on") }
    let scores = try ClickScores(overlaps: overlaps)
    try ScorePrinter(json: json).print(
      scores,
      lines: [
        ("objects", Double(scores.objects)), ("IoU@1", scores.overlapAfter1), ("IoU@3", scores.overlapAfter3),
        ("IoU@5", scores.overlapAfter5), ("NoC85", scores.clicksTo85), ("NoC90", scores.clicksTo90),
      ])
  }

  /// The overlaps after each click, for each object of the frame.
  private func play(
    _ engine: some Segmenter, on frame: Int, of clip: any FrameSource, _ mask: Mask
  ) throws -> [[Double]] {
    func image(_ frame: Int) throws -> RGBImage {
      clip.info.orientation.displayed(RGBImage(try clip.frame(at: frame).frame))
    }
    let beside = clip.info.segmenterNeighbours(of: frame).compactMap { try? image($0) }
    let prepared = try engine.prepare(image(frame), beside: beside)
    return try mask.objects.map { object in
      try ClickRobot.play(truth: mask.coverage(of: object), limit: limit) { clicks in
        let points = { (isInside: Bool) in
          clicks.filter { $0.isInside == isInside }.map { Prompts.Point(x: $0.x, y: $0.y) }
        }
        let prompts = Prompts(inside: points(true), outside: points(false))
        return try prepared.candidates(for: prompts, limit: 1)[0].mask
      }
    }
  }
}
