import ArgumentParser
import Foundation
import ObjectRemoval
import VideoIO

struct SegmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "segment",
    abstract: "Turns prompts on one frame into a mask.",
    discussion: """
      Prints the size of each object found; look at the preview before you track.

        cleanplate segment in.mp4 --point 420,310@12 --output mask.png
        cleanplate segment photo.jpg --box 100,60,300,200 --output mask.png --preview tinted.png
        cleanplate segment in.mp4 --auto --frame 12 --max-objects 20 --output objects.png
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Prompts") var prompts: PromptOptions

  @Option(name: .shortAndLong, help: "The label map to write, a PNG.", completion: .file(extensions: ["png"]))
  var output: String

  @Option(help: "Also write the frame with its objects tinted.", completion: .file(extensions: ["png"]))
  var preview: String?

  @Option(help: "Which candidate to take where the prompts leave a choice: 1 is the best.")
  var candidate = 1

  @Option(
    help: ArgumentHelp("Also write the masks of all candidates into a folder.", valueName: "FOLDER"),
    completion: .directory)
  var candidates: String?

  @Flag(help: "Also look for the objects that no prompt marks, largest and most certain first.")
  var auto = false

  @Option(help: "The frame for --auto where no prompt names one.")
  var frame: Int?

  @Flag(help: "Print what was found as JSON on stdout.")
  var json = false

  @OptionGroup(title: "Engines") var engine: SegmentingEngine
  @OptionGroup(title: "Engines") var objects: ObjectOptions
  @OptionGroup(title: "The job") var machine: MachineOptions
  @OptionGroup(title: "The job") var reading: ReadingOptions

  func validate() throws {
    guard candidate >= 1 else { throw ValidationError("--candidate counts from 1") }
    if frame != nil, !auto || !prompts.isEmpty {
      throw ValidationError("--frame goes with --auto and no prompts; a prompt names its own frame, as in --point 420,310@12")
    }
  }

  func run() throws {
    var settings = RemovalSettings()
    machine.apply(to: &settings)
    reading.apply(to: &settings, input)
    settings.segmenter = engine.segmenter
    objects.apply(to: &settings)
    let marks = auto && prompts.isEmpty ? [] : try prompts.parsed()
    let selection = SelectionJob(
      input: input.input, prompts: marks, automaticFrame: auto ? marks.first?.frame ?? frame ?? 0 : nil,
      candidate: candidate - 1, output: output, preview: preview,
      candidateFolder: candidates, settings: settings)
    let result = try selection.run()
    if let note = try Engines.deviceNote(settings) { Terminal.say("warning: \(note)") }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(String(decoding: try encoder.encode(result), as: UTF8.self))
    } else {
      for object in result.objects {
        Terminal.say(
          "object \(object.object): \(object.pixels) pixels, score \(rounded(object.score))")
        for (index, candidate) in object.candidates.enumerated() {
          let name = index + 1 == self.candidate ? "taken" : "--candidate \(index + 1)"
          Terminal.say("  \(name): \(candidate.pixels) pixels, score \(rounded(candidate.score))")
        }
      }
      print(output)
    }
  }

  private func rounded(_ score: Float) -> String { String(format: "%.2f", score) }
}
