import Foundation

// track-benchmark DATA [--only NAME,NAME] [--noise SEED] [--draws N] [--sheets FOLDER] [--write FOLDER]
// DATA holds clips/ and eval/ as ppm and pgm. --sheets writes tinted frames (yellow: right, red: too much, green: missed);
// --noise adds noise of up to one level, and --draws has the tracker learn from other draws than those that ship and leaves
// out the corrections: both tell what is chance; --write leaves the composites for the peers instead of tracking.
let arguments = CommandLine.arguments
func option(_ name: String) -> String? {
  arguments.firstIndex(of: name).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}
guard arguments.count > 1, !arguments[1].hasPrefix("-") else {
  print("usage: track-benchmark DATA [--only NAME,NAME] [--noise SEED] [--draws N] [--sheets FOLDER] [--write FOLDER]")
  exit(2)
}
let data = arguments[1]
if let folder = option("--write") {
  for clip in try Composites.all(data) { try clip.write(to: folder) }
  exit(0)
}
let only = option("--only")?.split(separator: ",").map(String.init)
let isWanted = { (name: String) in only?.contains { name.contains($0) } ?? true }
var clips: [Clip] = []
for name in ["car-shadow", "bmx-trees", "tennis"] where isWanted(name) {
  clips.append(try Clip.folder(name, at: data + "/clips/" + name))
}
clips += try Composites.all(data).filter { isWanted($0.name) }
if let seed = option("--noise").flatMap({ UInt64($0) }) { clips = clips.map { $0.noisy(seed) } }
let report = Report(sheets: option("--sheets"), draws: option("--draws").flatMap { UInt64($0) } ?? 0)
try report.run(clips)
if only == nil {
  let crowd = try Composites.crowd(data)
  try report.cost(crowd)
}
