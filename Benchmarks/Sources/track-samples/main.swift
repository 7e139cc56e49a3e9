import Foundation

// track-samples FOLDER OUT [EVERY START]: samples to fit the network of Tracking by; OUT/NAME.bin for each FOLDER/NAME.clip.
// FOLDER is made by Benchmarks/fitting/moving.py. Build with `-Xswiftc -enable-testing`.

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  FileHandle.standardError.write(Data("usage: track-samples FOLDER OUT [EVERY START]\n".utf8))
  exit(2)
}
let every = arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1
let start = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
let names = try FileManager.default.contentsOfDirectory(atPath: arguments[1]).filter { $0.hasSuffix(".clip") }.sorted()
for (index, name) in names.enumerated() where index % every == start {
  let clip = try MovingClip(path: arguments[1] + "/" + name)
  try EvidenceSampling.sample(clip).write(to: URL(fileURLWithPath: arguments[2] + "/" + name.dropLast(4) + "bin"))
}
