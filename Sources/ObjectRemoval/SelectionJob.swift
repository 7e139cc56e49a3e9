import Foundation
import Imaging
import VideoIO

/// One frame: prompts in, a mask out. What `segment` does, and what a person looks at before tracking.
public struct SelectionJob: Sendable {
  public struct Result: Sendable, Codable, Equatable {
    public struct Object: Sendable, Codable, Equatable {
      public var object: Int
      public var pixels: Int
      /// The overlap with the true object that the engine expects, 0…1.
      public var score: Float
      public var candidates: Int
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
  public var settings: RemovalSettings

  public init(
    input: String, prompts: [ObjectPrompt], candidate: Int = 0, output: String, preview: String? = nil,
    settings: RemovalSettings = RemovalSettings()
  ) {
    self.input = input
    self.prompts = prompts
    self.candidate = candidate
    self.output = output
    self.preview = preview
    self.settings = settings
  }

  /// - Throws: `RemovalError`, or the error of the module that failed.
  public func run() throws -> Result {
    guard let frame = prompts.first?.frame, prompts.allSatisfy({ $0.frame == frame }) else {
      throw RemovalError(.badRequest, "segment works on one frame: give prompts, all on the same frame")
    }
    let clip = try Clip(path: input, settings: settings)
    let anchors = try SelectStage(clip: clip, settings: settings, candidate: candidate).run(prompts)
    guard let anchor = anchors[frame] else { throw RemovalError(.nothingMarked, "the prompts mark no pixel") }
    for path in [output, preview].compactMap({ $0 }) { try refuseToReplace(path) }
    try MaskFile.write(clip.displayed(anchor.mask), to: output)
    if let preview {
      let tinted = try clip.image(frame).tinted(by: anchor.mask, opacity: 0.5, contour: 1)
      try StillImage.write(clip.orientation.displayed(tinted), preview)
    }
    return Result(
      frame: frame,
      objects: anchor.objects.sorted().map { object in
        let score = anchor.scores[object] ?? (1, 1)
        return Result.Object(
          object: Int(object), pixels: anchor.mask.labels.samples.count { $0 == object }, score: score.score,
          candidates: score.candidates)
      })
  }

  private func refuseToReplace(_ path: String) throws(VideoIOError) {
    guard settings.overwrites || access(path, F_OK) != 0 else {
      throw VideoIOError(.exists, file: path, "is there already; give --force to replace it")
    }
  }
}
