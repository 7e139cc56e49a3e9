import ArgumentParser
import Foundation
import ObjectRemoval

struct RemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Removes an object: selects, tracks and fills in one go.",
    discussion: """
      Coordinates are pixels of the picture as it is shown, origin top left; frames count from 0. Prompts may lie on any \
      frames; the objects are followed forward and backward from them.

        cleanplate remove in.mp4 --point 420,310 --avoid 500,330 --output out.mp4
        cleanplate remove in.mp4 --box 100,60,300,200@40 --dilate 6 --memory 1G --output out.mov
        cleanplate remove in.mp4 --mask first.png --save-masks --save-overlay
        cleanplate remove in.mp4 --box 376,618,530,42 --still --output out.mp4
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Prompts") var prompts: PromptOptions

  @Flag(
    help: """
      The marks stand still on the screen (a subtitle, a station logo). Of a box the letters are filled, on each frame as \
      they stand there; where no letters stand on the picture itself, the whole box.
      """)
  var still = false

  @Option(
    name: .shortAndLong,
    help:
      "A video by its extension, or a folder of PNG images (ending in /). Default: NAME_inpainting_h264.mp4 beside the input.",
    completion: .file())
  var output: String?

  @Flag(help: "Also write the masks as NAME_pred_mask.zip.")
  var saveMasks = false

  @Option(help: "Also write the masks there: a folder, .zip, .mov (ProRes 4444 matte) or a video.", completion: .file())
  var masksOutput: String?

  @Flag(help: "Also write the film with tinted objects as NAME_seg1.mp4.")
  var saveOverlay = false

  @OptionGroup var masking: MaskOptions
  @OptionGroup(title: "Filling") var fill: FillOptions
  @OptionGroup(title: "Following") var follow: FollowOptions
  @OptionGroup(title: "Engines") var track: TrackOptions
  @OptionGroup(title: "Encoding") var encode: EncodeOptions
  @OptionGroup(title: "The job") var options: JobOptions

  func run() throws {
    var settings = options.settings(input)
    settings.includesShadows = masking.shadow
    try fill.apply(to: &settings)
    track.apply(to: &settings)
    follow.apply(to: &settings)
    settings.encoding = encode.settings
    settings.marksAreStill = still
    let film = output ?? input.stem + "_inpainting_h264.mp4"
    // Beside the film, under the input's name: the input's folder may be read-only.
    let stem =
      URL(fileURLWithPath: film).deletingLastPathComponent().path + "/"
      + URL(fileURLWithPath: input.stem).lastPathComponent
    var job = RemovalJob(input: input.input, output: film, prompts: try prompts.parsed(), settings: settings)
    job.maskOutput = masksOutput ?? (saveMasks ? stem + "_pred_mask.zip" : nil)
    job.overlayOutput = saveOverlay ? stem + "_seg1.mp4" : nil
    try options.run(job, results: [job.output, job.overlayOutput, job.maskOutput].compactMap { $0 })
  }
}
