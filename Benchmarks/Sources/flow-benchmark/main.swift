import Foundation
import Imaging
import Motion
import TestSupport

// flow-benchmark OUTPUT-FOLDER: writes each case's pictures (and truth) below the folder for other programs to measure
// themselves on, and prints our figures: case, user milliseconds a pair, error.
let arguments = CommandLine.arguments
guard arguments.count == 2 else {
  FileHandle.standardError.write(Data("flow-benchmark OUTPUT-FOLDER\n".utf8))
  exit(2)
}
let folder = URL(fileURLWithPath: arguments[1])
let engine = OpticalFlow(.medium)
for item in try FlowCase.all() {
  try item.write(below: folder)
  let flows = item.pairs.map { engine.flow(from: $0.first, to: $0.second) }
  let rounds = 20 / item.pairs.count
  let start = userSeconds()
  for _ in 0..<rounds {
    for pair in item.pairs { _ = engine.flow(from: pair.first, to: pair.second) }
  }
  let milliseconds = (userSeconds() - start) / Double(rounds * item.pairs.count) * 1000
  print(item.name, String(format: "%.2f", milliseconds), String(format: "%.4f", item.error(of: flows)), separator: "\t")
}
