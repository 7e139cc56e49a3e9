import Foundation
import Imaging
import TestSupport

// Many people at one studio: each scrubs and clicks at a person's pace, and every answer is timed.
// Arguments: clients, seconds. The studio is the program that CLEANPLATE_BINARY names.

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
let clients = arguments.first ?? 50
let seconds = arguments.dropFirst().first ?? 60

/// Whether all were answered. The studio ends with it.
func measure(clients: Int, seconds: Int) throws -> Bool {
  let scene = SyntheticScene(width: 854, height: 480, frameCount: 60, seed: 8)
  let load = try StudioLoad(scene: scene)
  let timings = load.run(clients: clients, seconds: seconds)
  print("\(clients) clients for \(seconds) s on 854x480, \(scene.frameCount) frames")
  for (name, times) in timings.byKind.sorted(by: { $0.key < $1.key }) { print(times.row(name)) }
  print("errors: \(timings.errors.count)\(timings.errors.first.map { ", the first: \($0)" } ?? "")")
  print(load.memory)
  return timings.errors.isEmpty
}

do {
  exit(try measure(clients: clients, seconds: seconds) ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("studio-benchmark: \(error)\n".utf8))
  exit(1)
}
