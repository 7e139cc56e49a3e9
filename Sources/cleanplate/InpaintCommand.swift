import ArgumentParser
import ObjectRemoval

struct InpaintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inpaint",
    abstract: "Fills what masks cover.",
    discussion: """
      Masks are a folder of images, one for each frame, or a still one for all frames, a mask video or a zip: 0 is kept, \
      anything else is filled.

        cleanplate inpaint in.mp4 --masks masks/ --output out.mp4
        cleanplate inpaint in.mp4 --masks logo.png --dilate 3 --output out.mkv --codec ffv1
        cleanplate inpaint frames/ --masks masks.zip --output clean/
      """)

  @OptionGroup var input: InputOptions

  @Option(help: "A folder, a still image, a mask video or a zip.", completion: .file())
  var masks: String

  @Option(
    name: .shortAndLong, help: "A video by its extension, or a folder of PNG images (ending in /).", completion: .file()
  )
  var output: String

  @OptionGroup var masking: MaskOptions
  @OptionGroup(title: "Filling") var fill: FillOptions
  @OptionGroup(title: "Encoding") var encode: EncodeOptions
  @OptionGroup(title: "The job") var options: JobOptions

  func run() throws {
    var settings = options.settings(input)
    settings.includesShadows = masking.shadow
    try fill.apply(to: &settings)
    settings.encoding = encode.settings
    let job = RemovalJob(input: input.input, output: output, masks: masks, settings: settings)
    try options.run(job, results: [output])
  }
}
