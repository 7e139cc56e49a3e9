import ArgumentParser
import Foundation
import Imaging
import NeuralRuntime
import ObjectRemoval
import VideoIO

/// What a command may take of the machine, and replace on it.
struct MachineOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Memory that the process may hold, such as 2G.", valueName: "size"))
  var memory = ByteCount(bytes: 2 << 30)

  @Option(help: ArgumentHelp("Threads; the result does not depend on them.", valueName: "count"))
  var threads: Int?

  @Flag(help: "Replace an output that is there already.")
  var force = false

  func validate() throws {
    if let threads, !(1...256 ~= threads) { throw ValidationError("--threads is 1 to 256") }
  }

  func apply(to settings: inout RemovalSettings) {
    settings.memory = memory.bytes
    settings.threads = threads ?? settings.threads
    settings.overwrites = force
  }
}

/// How frames and masks of a clip are read, and by which networks.
struct ReadingOptions: ParsableArguments {
  @Flag(help: "Rescale masks of another size as a whole.")
  var rescaleMasks = false

  @OptionGroup var networks: NetworkOptions

  func apply(to settings: inout RemovalSettings, _ input: InputOptions) {
    networks.apply(to: &settings)
    settings.rescalesMasks = rescaleMasks
    settings.range = input.range?.range
    settings.frameRate = input.frameRate?.rational
    settings.limits = input.limits
  }
}

/// How work goes on and tells how far it is.
struct RunningOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Go on from what an interrupted run left.")
  var resume = true

  @Option(help: "How progress is shown on stderr.")
  var progress = ProgressStyle.auto

  /// Runs the job under Ctrl-C and the progress display.
  func run(_ job: RemovalJob) throws -> RemovalReport {
    let cancellation = Cancellation()
    let interrupt = Interrupt { cancellation.cancel() }
    return try withExtendedLifetime(interrupt) {
      try job.run(cancellation: cancellation, progress: ProgressDisplay(style: progress).handler)
    }
  }
}

/// How a job runs.
struct JobOptions: ParsableArguments {
  @OptionGroup var machine: MachineOptions
  @OptionGroup var reading: ReadingOptions
  @OptionGroup var running: RunningOptions

  @Option(
    help: ArgumentHelp(
      "Keep what is found there: a later run with other prompts does again only what they change.", valueName: "FOLDER"),
    completion: .directory)
  var work: String?

  @Option(help: ArgumentHelp("Write what was done, frame by frame.", valueName: "FILE.json"), completion: .file())
  var report: String?

  @Flag(help: "Print the report as JSON on stdout.")
  var json = false

  func settings(_ input: InputOptions) -> RemovalSettings {
    var settings = RemovalSettings()
    machine.apply(to: &settings)
    reading.apply(to: &settings, input)
    settings.resumes = running.resume
    return settings
  }

  /// Runs the job, then prints what it did.
  func run(_ job: RemovalJob, results: [String]) throws {
    var job = job
    job.workFolder = work
    job.reportOutput = report
    let done = try running.run(job)
    try ReportPrinter(report: done, json: json).print(results: results)
    if done.isTruncated {
      throw BadInput(sentence: "\(job.input) breaks off early; what was there is in the output")
    }
  }
}

/// How the hole is cut and filled.
struct FillOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Grow the mask by so many pixels before it is filled; without it, masks drawn to an object's very edge leave a faint \
      outline of it. Masks that are tracked here are grown by 3 and more as they are.
      """, valueName: "px"))
  var dilate: Int?

  @Option(help: ArgumentHelp("Fade the fill into the picture over so many pixels.", valueName: "px"))
  var feather = 0

  @Option(
    help: ArgumentHelp("Compute the fill at a smaller scale, 0.1 to 1; the picture keeps its size.", valueName: "ratio")
  )
  var resize = 1.0

  @Flag(
    help:
      "The mark stands still and lets the picture through: take it off by its own transparency where the clip tells it."
  )
  var translucent = false

  @OptionGroup var engines: FillingEngines

  func apply(to settings: inout RemovalSettings) throws {
    if let dilate, !(0...500 ~= dilate) { throw ValidationError("--dilate is 0 to 500 pixels") }
    guard 0...500 ~= feather else { throw ValidationError("--feather is 0 to 500 pixels") }
    guard 0.1...1 ~= resize else { throw ValidationError("--resize is 0.1 to 1") }
    settings.dilation = dilate
    settings.feather = feather
    settings.resize = resize
    settings.marksAreTranslucent = translucent
    engines.apply(to: &settings)
  }
}

/// What the masks take in beside the objects.
struct MaskOptions: ParsableArguments {
  @Flag(help: "Grow the masks by the shadows that the objects cast, where other frames show the same ground without.")
  var shadow = false
}

/// How the film is written.
struct EncodeOptions: ParsableArguments {
  @Option(help: "The codec; by the output's extension where not given.")
  var codec: EncodeSettings.Codec?

  @Option(help: ArgumentHelp("Constant rate factor: lower is better and larger.", valueName: "crf"))
  var quality: Int?

  @Option(help: "The encoder's speed preset, such as fast or slow.")
  var preset: String?

  func validate() throws {
    if let quality, !(0...63 ~= quality) {
      throw ValidationError("--quality is 0 to 51 (H.264 and H.265) or 63 (VP9); lower is better")
    }
    let presets = [
      "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo",
    ]
    if let preset, !presets.contains(preset) {
      throw ValidationError("--preset \(preset) is none of \(presets.joined(separator: ", "))")
    }
  }

  var settings: EncodeSettings {
    var settings = EncodeSettings()
    settings.codec = codec
    settings.quality = quality
    settings.preset = preset
    return settings
  }
}

extension EncodeSettings.Codec: ExpressibleByArgument {}

extension ProviderChoice: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
  public var defaultValueDescription: String { name }
  public static var allValueStrings: [String] { names }
}

/// How many objects there may be, and how densely they are looked for.
struct ObjectOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Most objects to follow, up to 255.", valueName: "count"))
  var maxObjects = 255

  @Option(
    help: ArgumentHelp("Where objects are looked for without marks: clicks along each side.", valueName: "count"))
  var pointsPerSide = 16

  func validate() throws {
    guard 1...255 ~= maxObjects else {
      throw ValidationError("--max-objects is 1 to 255: a label map has no room for more")
    }
    guard 1...64 ~= pointsPerSide else { throw ValidationError("--points-per-side is 1 to 64") }
  }

  func apply(to settings: inout RemovalSettings) {
    settings.maximumObjects = maxObjects
    settings.pointsPerSide = pointsPerSide
  }
}

/// Which engines select and follow.
struct TrackOptions: ParsableArguments {
  @OptionGroup var engines: MarkingEngines

  @Flag(
    inversion: .prefixedNo,
    help: """
      The objects are flat (a logo, a plate, a sign): follow each by one map of the plane, to a fraction of a pixel. The \
      report holds their corners. Without either, it is done where all of them are surely flat.
      """)
  var planar: Bool?

  @OptionGroup var objects: ObjectOptions

  func apply(to settings: inout RemovalSettings) {
    objects.apply(to: &settings)
    engines.apply(to: &settings)
    if planar == true { settings.tracker = "planar" }
    settings.recognisesFlat = planar == nil
  }
}
