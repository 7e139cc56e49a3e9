import Foundation
import Imaging
import VideoIO

/// One frame: prompts in, a mask out. What `segment` does, and what a person looks at before tracking.
public struct SelectionJob: Sendable {
  public struct Result: Sendable, Codable, Equatable {
    public struct Object: Sendable, Codable, Equatable {
      public var object: Int
      public var pixels: Int
      /// Of the candidate taken; 1 for objects of mask files.
      public var score: Float
      /// All that the prompts may mean, best first; empty for objects of mask files.
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
    input: String, prompts: [ObjectPrompt], candidate: Int = 0, output: String, preview: String? = nil,
    candidateFolder: String? = nil, settings: RemovalSettings = RemovalSettings()
  ) {
    self.input = input
    self.prompts = prompts
    self.candidate = candidate
    self.output = output
    self.preview = preview
    self.candidateFolder = candidateFolder
    self.settings = settings
  }

  /// - Throws: `RemovalError`, or the error of the module that failed.
  public func run() throws -> Result {
    guard let frame = prompts.first?.frame, prompts.allSatisfy({ $0.frame == frame }) else {
      throw RemovalError(.badRequest, "segment works on one frame: give prompts, all on the same frame")
    }
    let clip = try Clip(path: input, settings: settings)
    let stage = SelectStage(clip: clip, settings: settings, candidate: candidate, keepsAllCandidates: true)
    guard let anchor = try stage.run(prompts)[frame] else {
      throw RemovalError(.nothingMarked, "the prompts mark no pixel")
    }
    let files = candidateFiles(anchor)
    for path in [output, preview].compactMap({ $0 }) + files.map(\.path) { try refuseToReplace(path) }
    try MaskFile.write(clip.displayed(anchor.mask), to: output)
    if let preview {
      let tinted = try clip.image(frame).tinted(by: anchor.mask, opacity: 0.5, contour: 1)
      try StillImage.write(clip.orientation.displayed(tinted), preview)
    }
    if let candidateFolder {
      try FileManager.default.createDirectory(atPath: candidateFolder, withIntermediateDirectories: true)
      for file in files { try MaskFile.write(clip.displayed(file.mask), to: file.path) }
    }
    return Result(frame: frame, objects: anchor.objects.sorted().map { described($0, anchor) })
  }

  private func described(_ object: UInt8, _ anchor: Anchor) -> Result.Object {
    let candidates = anchor.candidates[object] ?? []
    return Result.Object(
      object: Int(object), pixels: anchor.mask.labels.samples.count { $0 == object },
      score: candidates.isEmpty ? 1 : candidates[candidate].score,
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

  private func refuseToReplace(_ path: String) throws(VideoIOError) {
    guard settings.overwrites || access(path, F_OK) != 0 else {
      throw VideoIOError(.exists, file: path, "is there already; give --force to replace it")
    }
  }
}
