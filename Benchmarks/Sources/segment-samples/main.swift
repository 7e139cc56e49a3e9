import Evaluation
import Foundation
import Imaging
import TestSupport

@testable import Segmentation

// segment-samples pairs|clicks|contexts|corrections FOLDER OUT [EVERY START]: samples to fit the tables of Segmentation by.
// segment-samples scores FOLDER OUT [EVERY START]: writes OUT/scores-START.txt, how well prompts do; see PromptScores.
// FOLDER is made by Benchmarks/fitting/prepare.py or render.py. Build with `-Xswiftc -enable-testing`.

let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
  let usage = "usage: segment-samples pairs|clicks|contexts|corrections|scores FOLDER OUT [EVERY START]\n"
  FileHandle.standardError.write(Data(usage.utf8))
  exit(2)
}
let every = arguments.count > 4 ? Int(arguments[4]) ?? 1 : 1
let start = arguments.count > 5 ? Int(arguments[5]) ?? 0 : 0
let names = try FileManager.default.contentsOfDirectory(atPath: arguments[2]).filter { $0.hasSuffix(".ppm") }.sorted()
var random = SplitMix64(seed: UInt64(7 + start))
var scores = PromptScores()
var sink = try SampleSink(folder: arguments[3], suffix: "\(start)")
for (index, name) in names.enumerated() where index % every == start {
  let stem = String(name.dropLast(4))
  let picture = try LabelledPicture(arguments[2], stem)
  switch arguments[1] {
  case "pairs": try PairSampling.sample(picture, &random, into: &sink)
  case "contexts": try ContextSampling.sample(picture, &random, to: "\(arguments[3])/\(stem).bin")
  case "corrections": try CorrectionSampling.sample(picture, &random, to: "\(arguments[3])/\(stem).bin")
  case "scores": try scores.add(picture, &random)
  default: try ClickSampling.sample(picture, &random, into: &sink)
  }
}
try sink.close()
if arguments[1] == "scores" { try scores.write(to: "\(arguments[3])/scores-\(start).txt") }
