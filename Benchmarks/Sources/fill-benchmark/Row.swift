import Evaluation
import Foundation
import Imaging
import Inpainting

/// One line of the table.
struct Row {
  var name: String
  var psnr: Double
  var detail: Double
  var flicker: Double
  /// Shares of the hole by provenance: borrowed, made up, abstained.
  var shares: [Double]
  var seconds: Double
  /// Telea, membrane, median, delogo; nil where there is none.
  var baselines: [Double?]

  static let baselineNames = ["telea", "membrane", "median", "delogo"]
  static let title =
    "clip               PSNR  detail flicker  borrowed madeup abstained  user s | telea membr. median delogo | over best"

  init(_ clip: EvalClip, _ output: [FilledFrame], _ scores: VideoScores, seconds: Double, baselines: [String: Double]) {
    name = "\(clip.name)/\(clip.holes.rawValue)"
    psnr = scores.psnr ?? 0
    detail = scores.detail ?? 0
    flicker = scores.flicker ?? 0
    var counts = [Double](repeating: 0, count: 4)
    for frame in output { for value in frame.provenance.samples { counts[Int(value)] += 1 } }
    let hole = max(1, counts[1...].reduce(0, +))
    shares = counts[1...].map { $0 / hole }
    self.seconds = seconds
    let name = name
    self.baselines = Row.baselineNames.map { baselines["\(name)/\($0)"] }
  }

  private var best: Double? { baselines.compactMap { $0 }.max() }

  static func mean(_ rows: [Row], name: String) -> Row {
    var mean = rows[0]
    func average(_ value: (Row) -> Double) -> Double { rows.map(value).reduce(0, +) / Double(rows.count) }
    mean.name = name
    mean.psnr = average(\.psnr)
    mean.detail = average(\.detail)
    mean.flicker = average(\.flicker)
    mean.shares = (0..<3).map { share in average { $0.shares[share] } }
    mean.seconds = average(\.seconds)
    mean.baselines = [nil, nil, nil, average { $0.best ?? 0 }]
    return mean
  }

  var line: String {
    var text = name.padding(toLength: 18, withPad: " ", startingAt: 0)
    text += String(format: " %6.2f %6.2f %7.2f ", psnr, detail, flicker)
    text += shares.map { String(format: " %7.3f", $0) }.joined()
    text += String(format: " %8.3f  |", seconds)
    text += baselines.map { $0.map { String(format: " %6.2f", $0) } ?? "      -" }.joined()
    return text + (best.map { String(format: " | %+6.2f", psnr - $0) } ?? "")
  }
}
