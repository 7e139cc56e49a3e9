import Foundation
import Imaging
import VideoIO

/// One frame: prompts in, a mask out. What `segment` does, and what a person looks at before tracking.
public struct SelectionJob: Sendable {
  public struct Result: Sendable, Codable, Equatable {
    public struct Object: Sendable, Codable, Equatable {
      public var object: Int
      public var pixels: Int
      /// Of the candidate taken, or of the object found; 1 for objects of mask files.
      public var score: Float
      /// All that the prompts may mean, best first; empty for objects of mask files and those found without prompts.
      public var candidates: [Candidate]
    }

    public struct Candidate: Sendable, Codable, Equatable {
      public var pixels: Int
      /// The overlap with the true object that the engine expects, 0…1.
      public var score: Float
      /// Its mask, a label map; nil where none was asked for.
      public var file: String?
    }

    public var frame: Int
    public var objects: [Object]
  }

  public var input: String
  /// All on one frame.
  public var prompts: [ObjectPrompt]
  /// The frame to look for objects on that the prompts do not mark, as `ProposeStage` does; that of the prompts, if any.
  public var automaticFrame: Int?
  /// Which candidate to take: 0 is the best.
  public var candidate: Int
  /// The label map, a PNG in the displayed orientation.
  public var output: String
  /// The frame with its objects tinted.
  public var preview: String?
  /// A folder for the masks of all candidates, `object1-candidate1.png` and so on.
  public var candidateFolder: String?
  public var settings: RemovalSettings

  public init(
    input: String, prompts: [ObjectPrompt], automaticFrame: Int? = nil, candidate: Int = 0, output: String,
    preview: String? = nil, candidateFolder: String? = nil, settings: RemovalSettings = RemovalSettings()
  ) {
    self.input = input
    self.prompts = prompts
    self.automaticFrame = automaticFrame
    self.candidate = candidate
    self.output = output
    self.preview = preview
    self.candidateFolder = candidateFolder
    self.settings = settings
  }

  /// - Throws: `RemovalError`, or the error of the module that failed.
  public func run() throws -> Result {
    let frames = Set(prompts.map(\.frame) + [automaticFrame].compactMap { $0 })
    guard let frame = frames.first, frames.count == 1 else {
      throw RemovalError(.badRequest, "segment works on one frame: give prompts, all on the same frame")
    }
    let clip = try Clip(path: input, settings: settings)
    try outputNames.check()
    let (anchor, found) = try anchor(on: frame, clip)
    let files = candidateFiles(anchor)
    for file in files { try refuseToReplace(file.path) }
    try MaskFile.write(clip.displayed(anchor.mask), to: output)
    if let preview {
      let tinted = try clip.image(frame).tinted(by: anchor.mask, opacity: 0.5, contour: 1)
      try StillImage.write(clip.orientation.displayed(tinted), preview)
    }
    if let candidateFolder {
      try FileManager.default.createDirectory(atPath: candidateFolder, withIntermediateDirectories: true)
      for file in files { try MaskFile.write(clip.displayed(file.mask), to: file.path) }
    }
    return Result(
      frame: frame,
      objects: (anchor.objects.sorted() + found.map(\.object)).map { object in
        described(object, anchor, score: found.first { $0.object == object }?.score)
      })
  }

  /// What the prompts mark, and what was found beside it.
  private func anchor(on frame: Int, _ clip: Clip) throws -> (Anchor, found: [(object: UInt8, score: Float)]) {
    var anchor = Anchor(mask: Mask(width: clip.info.width, height: clip.info.height), objects: [])
    if !prompts.isEmpty {
      let stage = SelectStage(clip: clip, settings: settings, candidate: candidate, keepsAllCandidates: true)
      anchor = try stage.run(prompts)[frame] ?? anchor
    }
    guard automaticFrame != nil else { return (anchor, []) }
    guard clip.range.contains(frame) else {
      throw RemovalError(
        .badRequest,
        "there is no frame \(frame); the frames are \(clip.range.lowerBound) to \(clip.range.upperBound)")
    }
    let (mask, found) = try ProposeStage(settings: settings).run(clip.image(frame), beside: anchor.mask)
    anchor.mask = mask
    guard !mask.isEmpty else { throw RemovalError(.nothingMarked, "no object was found on frame \(frame)") }
    return (anchor, found)
  }

  private func described(_ object: UInt8, _ anchor: Anchor, score: Float?) -> Result.Object {
    let candidates = anchor.candidates[object] ?? []
    return Result.Object(
      object: Int(object), pixels: anchor.mask.labels.samples.count { $0 == object },
      score: score ?? (candidates.isEmpty ? 1 : candidates[candidate].score),
      candidates: candidates.enumerated().map { index, candidate in
        Result.Candidate(
          pixels: candidate.mask.samples.count { $0 != 0 }, score: candidate.score,
          file: candidateFolder.map { candidatePath(in: $0, object, index) })
      })
  }

  private func candidateFiles(_ anchor: Anchor) -> [(path: String, mask: Mask)] {
    guard let candidateFolder else { return [] }
    return anchor.candidates.keys.sorted().flatMap { object in
      (anchor.candidates[object] ?? []).enumerated().map { index, candidate in
        let labels = candidate.mask.map { $0 != 0 ? object : 0 }
        return (candidatePath(in: candidateFolder, object, index), Mask(labels: labels))
      }
    }
  }

  private func candidatePath(in folder: String, _ object: UInt8, _ index: Int) -> String {
    "\(folder)/object\(object)-candidate\(index + 1).png"
  }

  /// - Throws: `VideoIOError.badRequest` for a mask or preview that would be no PNG.
  private var outputNames: OutputNames {
    get throws(VideoIOError) {
      for path in [output, preview].compactMap({ $0 }) where !path.lowercased().hasSuffix(".png") {
        throw VideoIOError(.badRequest, file: path, "masks and previews are PNG: name it .png")
      }
      return OutputNames(
        inputs: [input] + prompts.maskFiles, outputs: [], files: [output] + [preview].compactMap { $0 },
        force: settings.overwrites)
    }
  }

  private func refuseToReplace(_ path: String) throws(VideoIOError) {
    guard settings.overwrites || access(path, F_OK) != 0 else {
      throw VideoIOError(.exists, file: path, "is there already; give --force to replace it")
    }
  }
}
