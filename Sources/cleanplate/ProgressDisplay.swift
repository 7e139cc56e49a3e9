import ArgumentParser
import Foundation
import ObjectRemoval

enum ProgressStyle: String, ExpressibleByArgument, CaseIterable {
  case auto, json, none
}

/// Shows a job's progress on stderr: a bar on a terminal, a line a stage elsewhere, or JSON lines for programs.
struct ProgressDisplay {
  let style: ProgressStyle

  var handler: ProgressHandler? {
    switch style {
    case .none: return nil
    case .json: return { Self.writeJSON($0) }
    case .auto where Terminal.isInteractive: return { Self.drawBar($0) }
    case .auto: return { Self.writeLine($0) }
    }
  }

  private static func writeJSON(_ progress: JobProgress) {
    let left = progress.secondsLeft.map { String(format: "%.1f", $0) } ?? "null"
    Terminal.say(
      String(
        format: "{\"stage\":\"%@\",\"done\":%.2f,\"total\":%d,\"rate\":%.2f,\"secondsLeft\":%@}",
        progress.stage.rawValue, progress.done, progress.total, progress.rate, left))
  }

  private static func writeLine(_ progress: JobProgress) {
    if progress.done == 0 { Terminal.say("\(verb(progress.stage)): \(progress.total) frames") }
  }

  private static func drawBar(_ progress: JobProgress) {
    let share = progress.total > 0 ? min(1, progress.done / Double(progress.total)) : 1
    let filled = Int(share * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    var line = String(format: "\r%@ %@ %3.0f %%", pad(verb(progress.stage)), bar, share * 100)
    if progress.rate > 0 { line += String(format: "  %.1f frames/s", progress.rate) }
    if let left = progress.secondsLeft, share < 1 { line += "  \(clock(left)) left" }
    line += "\u{1B}[K" + (share >= 1 ? "\n" : "")
    Terminal.show(line)
  }

  private static func pad(_ text: String) -> String { text + String(repeating: " ", count: max(0, 10 - text.count)) }

  private static func verb(_ stage: JobProgress.Stage) -> String {
    switch stage {
    case .scan: "reading"
    case .select: "selecting"
    case .track: "tracking"
    case .shadow: "shadows"
    case .fill: "filling"
    case .encode: "encoding"
    }
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded(.up))
    return whole >= 3600
      ? String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
      : String(format: "%d:%02d", whole / 60, whole % 60)
  }
}
