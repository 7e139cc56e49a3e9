import Foundation
import Imaging
import TestSupport
import VideoIO

// clip-data SHARED OUT: the real clips as the benchmarks and their peers read them: frames as ppm, label maps as pgm.
// OUT gets clips/<clip>/{frames,masks} and eval/<clip>/{frames,moving,still.pgm}.

func images(in folder: String) -> [String] {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  return names.filter { ["png", "jpg", "jpeg"].contains(($0 as NSString).pathExtension.lowercased()) }.sorted()
}

func stem(_ name: String) -> String { (name as NSString).deletingPathExtension }

func copyFrames(_ paths: [String], to folder: String) throws {
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for path in paths {
    try PortableAnymap.write(
      StillImage.readRGB(path), to: "\(folder)/\(stem((path as NSString).lastPathComponent)).ppm")
  }
}

func copyMasks(_ paths: [String], to folder: String, as value: (UInt8) -> UInt8) throws {
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  for path in paths {
    let labels = try MaskFile.read(path).labels.map(value)
    try PortableAnymap.write(labels, to: "\(folder)/\(stem((path as NSString).lastPathComponent)).pgm")
  }
}

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
  print("usage: clip-data SHARED OUT")
  exit(2)
}
let (shared, out) = (arguments[1], arguments[2])
let files = FileManager.default
for clip in try files.contentsOfDirectory(atPath: shared + "/clips").sorted() {
  let folder = "\(shared)/clips/\(clip)"
  let still = files.fileExists(atPath: folder + "/frame.jpg")
  guard still || files.fileExists(atPath: folder + "/frames") else { continue }
  let frames = still ? [folder + "/frame.jpg"] : images(in: folder + "/frames").map { "\(folder)/frames/\($0)" }
  let masks = still ? [folder + "/mask.png"] : images(in: folder + "/masks").map { "\(folder)/masks/\($0)" }
  try copyFrames(frames, to: "\(out)/clips/\(clip)/frames")
  try copyMasks(masks, to: "\(out)/clips/\(clip)/masks") { $0 }
}
for clip in try files.contentsOfDirectory(atPath: shared + "/eval").sorted() {
  let folder = "\(shared)/eval/\(clip)"
  guard files.fileExists(atPath: folder + "/frames") else { continue }
  try copyFrames(images(in: folder + "/frames").map { "\(folder)/frames/\($0)" }, to: "\(out)/eval/\(clip)/frames")
  try copyMasks(images(in: folder + "/moving").map { "\(folder)/moving/\($0)" }, to: "\(out)/eval/\(clip)/moving") {
    $0 != 0 ? 255 : 0
  }
  try copyMasks([folder + "/still.png"], to: "\(out)/eval/\(clip)") { $0 != 0 ? 255 : 0 }
}
