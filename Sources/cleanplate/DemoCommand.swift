import ArgumentParser
import Evaluation
import Foundation
import Imaging
import ObjectRemoval
import TestSupport
import VideoIO

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Makes a clip, removes an object by a click, and scores the result against the truth.",
    discussion: """
      Somebody walks down a street, behind a tree, filmed by hand. Since the clip is rendered, what he hides is known. \
      Leaves before.mp4, after.mkv (lossless), before-after.mp4, before-after.png and masks/ in the folder.

        cleanplate demo
        cleanplate demo --size 1280x720 --frames 120 --output /tmp/demo
      """)

  @Option(name: .shortAndLong, help: "The folder for what it makes.", completion: .directory)
  var output = "cleanplate-demo"

  @Option(help: ArgumentHelp("Size of the clip.", valueName: "WxH"))
  var size = FrameSize(width: 640, height: 360)

  @Option(help: "Length of the clip in frames, 24 a second.")
  var frames = 72

  @Option(help: "Another seed is another street.")
  var seed: UInt64 = 1

  @OptionGroup(title: "The job") var machine: MachineOptions
  @OptionGroup(title: "The job") var running: RunningOptions

  @Flag(help: "Print the scores and the report as JSON on stdout.")
  var json = false

  func validate() throws {
    guard 2...5000 ~= frames else { throw ValidationError("--frames is 2 to 5000") }
  }

  func run() throws {
    let scene = SyntheticScene(width: size.width, height: size.height, frameCount: frames, seed: seed)
    let folder = DemoFolder(path: output)
    try folder.create(force: machine.force)
    Terminal.say("rendering \(frames) frames of \(size.width)x\(size.height)")
    try scene.write(.image, to: folder.before, hasSound: true, force: true)
    let frame = frames * 5 / 12
    let marks = Self.click(on: scene.frame(frame).objects.coverage(of: 1), frame)
    Terminal.say("removing the walker and his shadow by a click on frame \(frame)")
    let report = try job(folder, marks)
    Terminal.say("comparing with the truth")
    let score = try DemoScore(scene: scene, folder: folder, threads: RemovalSettings.availableThreads)
    try SideBySide(left: folder.before, right: folder.after).write(
      film: folder.film, picture: folder.picture, frame: frames / 4)
    if json {
      try ScorePrinter(json: true).print(DemoResult(folder, score, report), lines: [])
    } else {
      print(score.text)
      for path in [folder.film, folder.picture] { print(path) }
    }
  }

  /// Where a person clicks: the middle of the trunk.
  private static func click(on object: Plane<UInt8>, _ frame: Int) -> [ObjectPrompt] {
    guard let bounds = object.boundingBox else { return [] }
    let y = bounds.y + bounds.height * 2 / 5
    let row = (bounds.x..<bounds.maxX).filter { object[$0, y] != 0 }
    return row.isEmpty ? [] : [.point(row[row.count / 2], y, frame: frame)]
  }

  private func job(_ folder: DemoFolder, _ marks: [ObjectPrompt]) throws -> RemovalReport {
    var settings = RemovalSettings()
    machine.apply(to: &settings)
    settings.encoding = EncodeSettings(codec: .ffv1)
    settings.overwrites = true
    settings.includesShadows = true
    settings.resumes = running.resume
    let job = RemovalJob(
      input: folder.before, output: folder.after, prompts: marks, maskOutput: folder.masks,
      settings: settings)
    return try running.run(job)
  }
}

/// `WxH`, even numbers of pixels.
struct FrameSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
    guard 64...8192 ~= width, 64...8192 ~= height, width % 2 == 0, height % 2 == 0 else { return nil }
    self.init(width: width, height: height)
  }

  var defaultValueDescription: String { "\(width)x\(height)" }
}

/// The demo's files.
struct DemoFolder {
  let path: String

  var before: String { path + "/before.mp4" }
  var after: String { path + "/after.mkv" }
  var masks: String { path + "/masks/" }
  var film: String { path + "/before-after.mp4" }
  var picture: String { path + "/before-after.png" }

  /// - Throws: `VideoIOError.exists` where a demo is there already, unless `force`.
  func create(force: Bool) throws {
    if !force, FileManager.default.fileExists(atPath: before) {
      throw VideoIOError(.exists, file: path, "holds a demo already; give --force to replace it")
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
}
