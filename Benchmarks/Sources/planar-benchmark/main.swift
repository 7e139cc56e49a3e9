import Foundation
import Imaging
import Motion
import TestSupport
import VideoIO

// planar-benchmark CLIPS [--sheets FOLDER]
// Follows each target from the clip's first frame to its last, then, from where it came to lie, back with a template taken
// there: the closure error is how far the farthest corner ends from where it began.
let arguments = CommandLine.arguments
guard arguments.count > 1 else {
  print("usage: planar-benchmark CLIPS [--sheets FOLDER]")
  exit(2)
}
let sheets = arguments.firstIndex(of: "--sheets").map { arguments[$0 + 1] }
print("target | frames | closure px, mean corner | farthest corner | lost frames | NCC least | NCC mean | ms a frame")
for target in FlatTarget.all {
  let run = try PlanarRun(target, folder: arguments[1], sheets: sheets)
  print(run.row)
}
