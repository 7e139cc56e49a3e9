import ArgumentParser
import Evaluation
import Imaging
import VideoIO

struct EvaluateMasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "masks",
    abstract: "Region J and boundary F, as DAVIS defines them.",
    discussion: """
      The first frame is given to a tracker and does not count. F matches boundaries within 0.008 of the image diagonal. \
      J_decay is J of the first quarter less J of the last. All objects count as one unless --object names one.

        cleanplate evaluate masks annotations/ tracked/
        cleanplate evaluate masks annotations/ tracked.zip --object 2 --json
      """)

  @Argument(help: "The true masks: a folder of images or a video.", completion: .file())
  var truth: String

  @Argument(help: "The masks to score, in any form.", completion: .file())
  var prediction: String

  @Option(help: "Score this label alone.")
  var object: UInt8?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let info = try MediaSource.open(truth).info
    let source = { (path: String) in
      try MaskSource.open(
        path, width: info.displayedWidth, height: info.displayedHeight, frameCount: info.frameCount, allowRescale: true)
    }
    let annotated = try source(truth)
    let tracked = try source(prediction)
    var evaluator = MaskEvaluator()
    for index in 0..<info.frameCount {
      evaluator.add(
        truth: try annotated.mask(at: index).coverage(of: object),
        prediction: try tracked.mask(at: index).coverage(of: object))
    }
    let scores = evaluator.scores
    try ScorePrinter(json: json).print(
      scores,
      lines: [
        ("frames", Double(scores.frames)), ("J", scores.j), ("F", scores.f), ("J&F", scores.jAndF),
        ("J_decay", scores.jDecay),
      ])
  }
}
