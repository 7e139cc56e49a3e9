import ArgumentParser
import ObjectRemoval

struct TrackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "track",
    abstract: "Follows objects through the clip and writes a label map for each frame.",
    discussion: """
      Prints where the masks are, and the frames of which it is unsure, worst first: put a prompt on one and run again.

        cleanplate track in.mp4 --point 420,310 --output masks/
        cleanplate track in.mp4 --box 100,60,300,200 --point 700,300#2 --output masks.zip
        cleanplate track in.mp4 --mask first.png --output matte.mov
        cleanplate track in.mp4 --sam-gap 25 --max-objects 20 --output masks/

      Without prompts, --sam-gap has the objects looked for that the shots begin with.
      """)

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Prompts") var prompts: PromptOptions

  @Option(
    name: .shortAndLong,
    help: "A folder of PNG label maps (ending in /), .zip, .mov (ProRes 4444 matte) or a mask video.",
    completion: .file())
  var output: String

  @Option(help: "Also write the film with tinted objects there.", completion: .file())
  var overlay: String?

  @OptionGroup var masking: MaskOptions
  @OptionGroup(title: "Following") var follow: FollowOptions
  @OptionGroup(title: "Engines") var track: TrackOptions
  @OptionGroup(title: "The job") var options: JobOptions

  func run() throws {
    var settings = options.settings(input)
    settings.includesShadows = masking.shadow
    track.apply(to: &settings)
    follow.apply(to: &settings)
    let findsAll = prompts.isEmpty && follow.samGap != nil
    let job = RemovalJob(
      input: input.input, output: nil, prompts: findsAll ? [] : try prompts.parsed(), maskOutput: output, overlayOutput: overlay,
      settings: settings)
    try options.run(job, results: [output, overlay].compactMap { $0 })
  }
}
