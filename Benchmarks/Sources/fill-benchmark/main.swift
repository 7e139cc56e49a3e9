// fill-benchmark [--eval FOLDER] [--clips a,b] [--holes still|moving] [--frames N] [--threads N] [--off option,…]
//                [--write FOLDER] [--membrane]
// Fills the eval clips and scores them against the truth, beside the baselines of baselines.json.
import Foundation
import Imaging

let arguments = Arguments(CommandLine.arguments.dropFirst())
let run = BenchmarkRun(arguments)
try run.all()
