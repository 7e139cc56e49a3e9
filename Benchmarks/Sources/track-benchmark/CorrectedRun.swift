import Foundation
import Imaging
import ObjectRemoval
import VideoIO

/// A clip tracked by the whole product, the truth given on its first frame and then, one after another, where the tool itself
/// is least confident.
struct CorrectedRun {
  private let clip: Clip
  private let folder: String
  private(set) var masks: [Mask] = []
  private(set) var corrected: Set<Int> = []
  private var confidence: [Int: Float] = [:]

  init(_ clip: Clip, folder: String) throws {
    self.clip = clip
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder + "/frames", withIntermediateDirectories: true)
    for (t, frame) in clip.frames.enumerated() { try StillImage.write(frame, "\(folder)/frames/\(Self.name(t))") }
    try run()
  }

  private static func name(_ t: Int) -> String { String(format: "%05d.png", t) }

  /// Gives the truth on the worst of the frames whose truth is known and shows something; nil where none is left.
  mutating func correctWorst() throws -> Int? {
    let known = clip.truth.indices.filter { clip.truth[$0]?.isEmpty == false && $0 != 0 && !corrected.contains($0) }
    guard let worst = known.min(by: { (confidence[$0] ?? 1) < (confidence[$1] ?? 1) }) else { return nil }
    corrected.insert(worst)
    try run()
    return worst
  }

  private mutating func run() throws {
    var settings = RemovalSettings(threads: 1)
    settings.overwrites = true
    var prompts: [ObjectPrompt] = []
    for frame in corrected.union([0]) {
      let path = "\(folder)/truth-\(Self.name(frame))"
      try MaskFile.write(clip.truth[frame]!, to: path)
      prompts.append(.mask(path, frame: frame))
    }
    prompts.sort { $0.frame < $1.frame }
    let job = RemovalJob(
      input: folder + "/frames", output: nil, prompts: prompts, maskOutput: folder + "/masks/",
      workFolder: folder + "/work", settings: settings)
    let report = try job.run()
    masks = try clip.frames.indices.map { try MaskFile.read("\(folder)/masks/\(Self.name($0))") }
    confidence = Dictionary(
      uniqueKeysWithValues: report.frames.map { ($0.frame, $0.confidence.values.min() ?? 1) })
  }
}
