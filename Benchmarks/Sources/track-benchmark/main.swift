import Evaluation
import Foundation
import Imaging
import TestSupport
import Tracking

// track-benchmark DATA [--only NAME] [--sheets FOLDER] [--frames N] [--no-warp]
let arguments = CommandLine.arguments
func option(_ name: String) -> String? {
  arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}
let data = arguments.count > 1 && !arguments[1].hasPrefix("-") ? arguments[1] : "/work/wt/data"
let clips = try Report.clips(data, only: option("--only"), frames: option("--frames").flatMap(Int.init))
Report(sheets: option("--sheets"), warps: !arguments.contains("--no-warp")).run(clips)
