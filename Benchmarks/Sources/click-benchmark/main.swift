import Evaluation
import Foundation
import Imaging
import Segmentation
import TestSupport

// click-benchmark FOLDER [--sheet OUT] [CLIP...]: the click robot on every object of the clips with exact truth.
// FOLDER holds <clip>/frames/*.ppm and <clip>/masks/*.pgm.

struct Row {
  var clip: String
  var overlaps: [Double]
  var box: Double
  var prepare: Double
  var click: Double
}

func answer(_ frame: BuiltinPreparedFrame, _ clicks: [Click]) throws -> Plane<UInt8> {
  let prompts = Prompts(
    inside: clicks.filter(\.isInside).map { .init(x: $0.x, y: $0.y) },
    outside: clicks.filter { !$0.isInside }.map { .init(x: $0.x, y: $0.y) })
  return try frame.candidates(for: prompts, limit: 1)[0].mask
}

func boxOverlap(_ frame: BuiltinPreparedFrame, _ truth: Plane<UInt8>) throws -> Double {
  guard let box = truth.boundingBox else { return 0 }
  let mask = try frame.candidates(for: Prompts(box: box), limit: 1)[0].mask
  return MaskEvaluator.intersectionOverUnion(truth, mask)
}

func measure(_ folder: String, sheets: String?, clips: [String]) throws -> [Row] {
  var rows: [Row] = []
  var prepared: (path: String, frame: BuiltinPreparedFrame, seconds: Double)?
  for object in try ClickClips.objects(in: folder, clips: clips) {
    if prepared?.path != object.framePath {
      let image = try PortableAnymap.image(at: object.framePath)
      let neighbours = try object.neighbourPaths.map { try PortableAnymap.image(at: $0) }
      let start = userSeconds()
      let frame = try BuiltinSegmenter().prepare(image, beside: neighbours)
      prepared = (object.framePath, frame, userSeconds() - start)
    }
    guard let (path, frame, seconds) = prepared else { continue }
    var clickSeconds: [Double] = []
    let overlaps = try ClickRobot.play(truth: object.truth) { clicks in
      let start = userSeconds()
      let mask = try answer(frame, clicks)
      clickSeconds.append(userSeconds() - start)
      if let sheets, [1, 3, 5].contains(clicks.count) {
        try drawSheet(
          path, mask, object.truth, clicks, to: "\(sheets)/\(object.clip)-\(object.name)-\(clicks.count).ppm")
      }
      return mask
    }
    let row = Row(
      clip: object.clip, overlaps: overlaps, box: try boxOverlap(frame, object.truth), prepare: seconds,
      click: clickSeconds.reduce(0, +) / Double(clickSeconds.count))
    print(line(object.clip + "/" + object.name, [row]))
    rows.append(row)
  }
  return rows
}

func line(_ name: String, _ rows: [Row]) -> String {
  guard let scores = try? ClickScores(overlaps: rows.map(\.overlaps)) else { return name }
  let mean = { (value: (Row) -> Double) in rows.reduce(0) { $0 + value($1) } / Double(rows.count) }
  let label = name.padding(toLength: 22, withPad: " ", startingAt: 0)
  return label
    + String(
      format: "%3d  %.3f %.3f %.3f  %5.2f %5.2f  %.3f  %.3f %.4f", scores.objects, scores.overlapAfter1,
      scores.overlapAfter3, scores.overlapAfter5, scores.clicksTo85, scores.clicksTo90, mean(\.box), mean(\.prepare),
      mean(\.click))
}

var arguments = Array(CommandLine.arguments.dropFirst())
var sheets: String?
if let option = arguments.firstIndex(of: "--sheets"), option + 1 < arguments.count {
  sheets = arguments[option + 1]
  arguments.removeSubrange(option...option + 1)
}
guard let folder = arguments.first else {
  FileHandle.standardError.write(Data("usage: click-benchmark FOLDER [--sheets OUT] [CLIP...]\n".utf8))
  exit(2)
}
print("object                  n   IoU1  IoU3  IoU5   NoC85 NoC90   box   prepare click (user s)")
let rows = try measure(folder, sheets: sheets, clips: Array(arguments.dropFirst()))
print("")
let clips = rows.map(\.clip).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
for clip in clips {
  print(line(clip, rows.filter { $0.clip == clip }))
}
print(line("mean over objects", rows))
