import Foundation
import ObjectRemoval

/// Prints what a job did: results on stdout, remarks on stderr.
struct ReportPrinter {
  let report: RemovalReport
  let json: Bool

  func print(results: [String]) throws {
    Terminal.warn(report.warnings)
    Terminal.say(summary)
    if json {
      Swift.print(String(decoding: try report.json, as: UTF8.self))
    } else {
      for result in results { Swift.print(result) }
    }
  }

  private var summary: String {
    let stages = ["scan", "select", "track", "shadow", "fill", "encode"].compactMap { name in
      report.secondsByStage[name].map { String(format: "%@ %.1f s", name, $0) }
    }
    var lines = [
      "time: \(stages.joined(separator: ", ")); peak memory \(MemoryForecast.text(report.peakMemory))"
    ]
    if report.frames.contains(where: { $0.holePixels > 0 }) {
      lines.append(
        String(
          format: "the hole: %.0f %% borrowed from other frames, %.0f %% made up, %.0f %% smooth for want of evidence",
          report.borrowed * 100, report.madeUp * 100, report.abstained * 100))
    }
    if report.isRecognisedAsFlat == true {
      lines.append("recognised as flat and followed by maps of the plane; --no-planar follows outlines instead")
    }
    let unsure = report.framesToCheck()
    if !unsure.isEmpty {
      lines.append("look at these frames, worst first: \(unsure.map(String.init).joined(separator: ", "))")
    }
    if report.resumedFrames > 0 { lines.append("\(report.resumedFrames) frames were there from an interrupted run") }
    return lines.joined(separator: "\n")
  }
}
