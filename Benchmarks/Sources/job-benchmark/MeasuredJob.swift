import Foundation
import Imaging
import ObjectRemoval
import TestSupport
import VideoIO

/// One job: the walker leaves a rendered street, selected by his mask on one frame.
struct MeasuredJob {
  let width: Int
  let height: Int
  var frames = 48
  var memory = 2 << 30
  var threads = RemovalSettings.availableThreads

  /// From `WIDTHxHEIGHT`.
  init?(size: String) {
    let parts = size.split(separator: "x").compactMap { Int($0) }
    guard parts.count == 2, parts.allSatisfy({ $0 >= 64 }) else { return nil }
    (width, height) = (parts[0], parts[1])
  }

  /// From `512M` or `2G`.
  static func bytes(_ text: String) -> Int? {
    let unit = text.hasSuffix("G") ? 1 << 30 : text.hasSuffix("M") ? 1 << 20 : 0
    return Int(text.dropLast()).map { $0 * unit }.flatMap { $0 > 0 ? $0 : nil }
  }

  static let title =
    "size       frames thr | CPU s: foretold   taken  ratio |  select  scan track fill encode (wall s) | MB: foretold  peak budget"

  func line() throws -> String {
    let folder = FileManager.default.temporaryDirectory.path + "/job-benchmark-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try render(into: folder)
    var settings = RemovalSettings(threads: threads)
    settings.memory = memory
    let job = RemovalJob(
      input: folder + "/in.mp4", output: folder + "/out.mp4", prompts: [.mask(folder + "/mark.png", frame: frames / 2)],
      maskOutput: folder + "/masks/", settings: settings)
    let start = userSeconds()
    let report = try job.run()
    let taken = userSeconds() - start
    return try line(report, taken, foretold(folder, settings))
  }

  private func render(into folder: String) throws {
    let scene = SyntheticScene(width: width, height: height, frameCount: frames, seed: 8)
    try scene.write(to: folder + "/in.mp4")
    try MaskFile.write(scene.frame(frames / 2).objects, to: folder + "/mark.png")
  }

  /// By the masks, as the studio foretells it once they are tracked; for one thread, so that seconds are those of a core.
  private func foretold(_ folder: String, _ settings: RemovalSettings) throws -> RemovalForecast {
    var settings = settings
    settings.threads = 1
    let info = try MediaSource.open(folder + "/in.mp4").info
    return RemovalForecast(
      info: info, settings: settings, hole: HoleExtent(masks: folder + "/masks", range: 0...frames - 1))
  }

  private func line(_ report: RemovalReport, _ taken: Double, _ forecast: RemovalForecast) -> String {
    let stages = ["select", "scan", "track", "fill", "encode"].map {
      String(format: "%6.1f", report.secondsByStage[$0] ?? 0)
    }
    return String(format: "%5d x %-4d %4d %3d | ", width, height, frames, threads)
      + String(format: "%16.1f %7.1f %6.2f | ", forecast.seconds, taken, taken / forecast.seconds)
      + stages.joined(separator: " ")
      + String(
        format: " | %12d %5d %6d", forecast.memoryBytes >> 20, report.peakMemory >> 20, memory >> 20)
  }
}
