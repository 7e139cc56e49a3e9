import ArgumentParser
import Foundation
import ObjectRemoval
import VideoIO

/// What every command that reads a clip takes.
struct InputOptions: ParsableArguments {
  @Argument(help: "A video file, a folder of images in name order, or - for standard input.", completion: .file())
  var input: String

  @Option(help: ArgumentHelp("Frames to work on, counted from 0, end included.", valueName: "A:B"))
  var range: FrameRange?

  @Option(help: ArgumentHelp("Frames a second of an image folder, such as 24000/1001.", valueName: "rate"))
  var frameRate: Rate?

  @Option(help: ArgumentHelp("Largest input file, such as 20G.", valueName: "size"))
  var maxBytes: ByteCount?

  @Option(help: ArgumentHelp("Most pixels in a frame.", valueName: "count"))
  var maxPixels: Int?

  @Option(help: ArgumentHelp("Most frames in the clip.", valueName: "count"))
  var maxFrames: Int?

  @Option(help: ArgumentHelp("Longest clip in seconds.", valueName: "seconds"))
  var maxDuration: Double?

  func validate() throws {
    if let maxDuration, !(maxDuration > 0) { throw ValidationError("--max-duration is above 0 seconds") }
    if let maxPixels, maxPixels < 1 { throw ValidationError("--max-pixels is at least 1") }
    if let maxFrames, maxFrames < 1 { throw ValidationError("--max-frames is at least 1") }
  }

  var limits: MediaLimits {
    var limits = MediaLimits()
    if let maxBytes { limits.bytes = maxBytes.bytes }
    if let maxPixels { limits.pixels = maxPixels }
    if let maxFrames { limits.frames = maxFrames }
    if let maxDuration { limits.duration = maxDuration }
    return limits
  }

  /// The input's name without its extension: what outputs are named after.
  var stem: String {
    let url = URL(fileURLWithPath: input == "-" ? "stdin" : input)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder)
    return exists && isFolder.boolValue ? url.path : url.deletingPathExtension().path
  }
}

/// `A:B`, both frames included.
struct FrameRange: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], 0 <= first, first <= last else { return nil }
    range = first...last
  }
}

/// `25`, `29.97` or `30000/1001`.
struct Rate: ExpressibleByArgument {
  let rational: Rational

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count == 2, let n = Int(parts[0]), let d = Int(parts[1]), 1...1_000_000 ~= n, 1...1_000_000 ~= d {
      rational = Rational(n, d)
    } else if parts.count == 1, let rate = Double(argument), rate > 0.001, rate <= 1000 {
      rational = rate == rate.rounded() ? Rational(Int(rate), 1) : Rational(Int((rate * 1000).rounded()), 1000)
    } else {
      return nil
    }
  }
}

/// `2G`, `512M`, `1.5G` or a number of bytes.
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init?(argument: String) {
    let units: [Character: Double] = ["K": 1024, "M": 1_048_576, "G": 1_073_741_824, "T": 1_099_511_627_776]
    var body = argument.uppercased()
    if body.hasSuffix("B") { body.removeLast() }
    var unit = 1.0
    if let last = body.last, let known = units[last] {
      unit = known
      body.removeLast()
    }
    guard let number = Double(body), number >= 0, number * unit < 1e18 else { return nil }
    bytes = Int(number * unit)
  }

  init(bytes: Int) { self.bytes = bytes }

  var defaultValueDescription: String { MemoryForecast.text(bytes) }
}
