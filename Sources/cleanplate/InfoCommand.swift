import ArgumentParser
import Foundation
import ObjectRemoval
import VideoIO

struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Says what a clip is, and what memory and time its job will take.",
    discussion: """
        cleanplate info in.mp4
        cleanplate info in.mp4 --memory 1G --json
        cleanplate info in.mp4 --segmenter sam --tracker xmem --inpainter e2fgvi-hq
      """)

  @OptionGroup var input: InputOptions

  @Option(help: ArgumentHelp("The budget to plan for.", valueName: "size"))
  var memory = ByteCount(bytes: 2 << 30)

  @OptionGroup(title: "Engines") var marking: MarkingEngines
  @OptionGroup(title: "Engines") var filling: FillingEngines
  @OptionGroup(title: "Engines") var networks: NetworkOptions

  @Flag(help: "Print JSON.")
  var json = false

  private struct Answer: Encodable {
    var media: MediaInfo
    var memory: MemoryForecast
    var fits: Bool
    var needs: Int
    var seconds: Double
  }

  func run() throws {
    var settings = RemovalSettings()
    settings.memory = memory.bytes
    marking.apply(to: &settings)
    filling.apply(to: &settings)
    networks.apply(to: &settings)
    let info = try MediaSource.open(input.input, limits: input.limits, frameRate: input.frameRate?.rational).info
    settings.range = input.range?.range
    if settings.range != nil { settings.range = try settings.frames(of: info) }
    let forecast = MemoryForecast(info: info, settings: settings)
    let removal = RemovalForecast(info: info, settings: settings)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let answer = Answer(
        media: info, memory: forecast, fits: forecast.fits, needs: forecast.neededBytes, seconds: removal.seconds)
      print(String(decoding: try encoder.encode(answer), as: UTF8.self))
    } else {
      print(text(info, forecast, removal))
    }
  }

  private func text(_ info: MediaInfo, _ forecast: MemoryForecast, _ removal: RemovalForecast) -> String {
    var lines = [
      "\(info.path): \(info.container), \(info.codec)",
      "size        \(info.displayedWidth)x\(info.displayedHeight)"
        + (info.orientation == .upright ? "" : " (coded \(info.width)x\(info.height), turned for display)"),
      "frames      \(info.frameCount), \(ProgressDisplay.clock(info.duration)) from \(String(format: "%.3f", info.startTime)) s",
      "rate        \(info.frameRate)" + (info.isVariableFrameRate ? ", variable" : ""),
      "samples     \(info.format.layout.rawValue), \(info.format.bitDepth) bit"
        + (info.format.hasAlpha ? ", alpha" : "") + (info.isInterlaced ? ", interlaced" : ""),
      "colour      \(info.color.resolvedMatrix(width: info.width, height: info.height).rawValue), "
        + info.color.resolvedRange(for: info.format.layout).rawValue,
    ]
    for stream in info.streams where stream.kind != .video {
      lines.append(
        "\(stream.kind.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0))\(stream.codec)"
          + (stream.language.map { " (\($0))" } ?? ""))
    }
    lines.append(
      "memory      "
        + (forecast.fits
          ? "holds to \(MemoryForecast.text(forecast.budget)), whatever the length"
          : "--memory \(MemoryForecast.text(forecast.budget)) is too little; \(MemoryForecast.text(forecast.neededBytes)) would do")
    )
    let time = ProgressDisplay.clock(removal.seconds)
    lines.append("time        about \(time) to remove one object of a quarter by a quarter of the frame")
    return (lines + info.warnings.map { "warning     \($0)" }).joined(separator: "\n")
  }
}
