// fill-benchmark [--eval FOLDER] [--clips a,b] [--holes still|moving] [--frames N] [--threads N] [--off option,…]
//                [--write FOLDER] [--membrane]
// Fills the eval clips and scores them against the truth, beside the baselines of baselines.json.
// fill-benchmark --growth [--lengths 60,120] [--heights 240,480] [--off option,…]
// Times the fill of a rendered clip against its length and size.
import Foundation
import Imaging

let arguments = Arguments(CommandLine.arguments.dropFirst())
if arguments["growth"] != nil {
  let numbers = { (name: String) in arguments.list(name)?.compactMap { Int($0) } }
  let growth = Growth(
    options: arguments.options, frames: numbers("lengths") ?? [60, 120, 240, 480],
    heights: numbers("heights") ?? [240, 360, 480, 720, 1080])
  try growth.all()
} else {
  try BenchmarkRun(arguments).all()
}
