import Foundation
import Imaging
import Segmentation
import VideoIO

/// A clip opened for somebody who looks at its frames and marks objects on them. Pictures and masks are in the
/// displayed orientation. Safe from several threads; frames are decoded one at a time, prompts answered side by side.
public final class ClipSession: @unchecked Sendable {
  /// One answer to the prompts of an object.
  public struct Answer: Sendable {
    /// 255 inside the object, 0 outside.
    public let coverage: Plane<UInt8>
    /// The overlap with the true object that the engine expects, 0…1.
    public let score: Float
    public let pixels: Int
  }

  public let info: MediaInfo
  private let clip: Clip
  private let settings: RemovalSettings
  private let decoding = NSLock()
  private let prepared: PreparedFrames
  private let engine: PreparingEngine
  private let memo = AnswerMemo()

  /// - Parameters:
  ///   - settings: the range is not looked at: every frame can be seen.
  ///   - preparedBytes: bounds the frames kept ready for prompts.
  ///   - kept: where an engine that takes long to prepare a frame may keep it on disk.
  /// - Throws: `VideoIOError` where the file cannot be opened.
  public convenience init(
    input: String, settings: RemovalSettings = RemovalSettings(), preparedBytes: Int = 512 << 20,
    kept: KeptFrames? = nil
  ) throws {
    let engine = PreparingEngine(
      kept: kept, segmenter: { try Engines.segmenter(settings) },
      identity: { try Engines.identity(of: settings.segmenter, settings) })
    try self.init(input: input, settings: settings, preparedBytes: preparedBytes, engine: engine)
  }

  init(input: String, settings: RemovalSettings, preparedBytes: Int, engine: PreparingEngine) throws {
    var settings = settings
    settings.range = nil
    self.settings = settings
    self.engine = engine
    clip = try Clip(path: input, settings: settings)
    info = clip.info
    prepared = PreparedFrames(capacity: preparedBytes / Self.preparedBytes(info))
  }

  /// The frame as it is shown.
  /// - Throws: `RemovalError.badRequest` for a frame outside the clip; `VideoIOError`.
  public func picture(_ frame: Int) throws -> RGBImage { info.orientation.displayed(try coded(frame)) }

  /// The frame with what a fill that was kept in `workFolder` replaced; nil where nothing was filled.
  /// - Throws: `RemovalError.workFolder` where a file is damaged.
  public func cleanPicture(_ frame: Int, workFolder: String) throws -> RGBImage? {
    try check(frame)
    let store = FillStore(folder: StageFolder(path: workFolder + "/fill"))
    let patches = try store.patches(frame: frame)
    guard !patches.isEmpty else { return nil }
    let source = try decoding.withLock { try clip.frame(frame) }
    let clean = try patches.reduce(source) { try $1.applied(to: $0) }
    return info.orientation.displayed(RGBImage(clean, threads: settings.threads))
  }

  public func isPrepared(_ frame: Int) -> Bool { prepared.has(frame) }

  /// Makes a frame ready, so that the prompts on it are answered at once.
  public func prepare(_ frame: Int) throws { _ = try ready(frame) }

  /// What the prompts of one object on one frame may mean, best first; prepares the frame where that was not done.
  /// - Parameters:
  ///   - prior: what is known of the object on that frame, 255 inside, as displayed; the prompts correct it.
  ///   - still: the marks stand still on the screen: of a box its lettering is taken, or all of it, as a job does.
  ///   - limit: of the answers; fewer come sooner.
  /// - Throws: `RemovalError.badRequest` for prompts outside the frame, or that say only what is not the object.
  public func answers(
    to prompts: [ObjectPrompt], on frame: Int, prior: Plane<UInt8>? = nil, still: Bool = false, limit: Int = .max
  ) throws -> [Answer] {
    try check(frame)
    try SelectStage(clip: clip, settings: settings).validate(prompts)
    var asked = SelectStage.prompts(prompts, in: info)
    if let prior, prior.width == info.displayedWidth, prior.height == info.displayedHeight {
      asked.mask = info.orientation.coded(prior)
    }
    guard !asked.isEmpty else {
      throw RemovalError(.badRequest, "only what is not the object is marked; mark a point on it, or draw a box")
    }
    if still, asked.inside.isEmpty, asked.insideStrokes.isEmpty, let box = asked.box {
      return [answer(try stillMark(in: box, on: frame), score: 1)]
    }
    return try memo.answers(to: asked, on: frame, limit: max(1, limit)) { limit in
      try ready(frame).candidates(for: asked, limit: limit).map { candidate in
        answer(SelectStage.notEmpty(candidate.mask, asked, info), score: candidate.score)
      }
    }
  }

  private func stillMark(in box: Region, on frame: Int) throws -> Plane<UInt8> {
    var still = StillBox(object: 1, frame: frame, box: box, lettering: nil)
    let strokes = try decoding.withLock {
      try still.learn(from: clip)
      return try still.strokes(on: frame, of: clip)
    }
    guard strokes.samples.contains(where: { $0 != 0 }) else { return SelectStage.whole(box, info) }
    var mark = Plane<UInt8>(width: info.width, height: info.height, repeating: 0)
    for y in 0..<box.height { for x in 0..<box.width { mark[box.x + x, box.y + y] = strokes[x, y] } }
    return mark
  }

  func ready(_ frame: Int) throws -> any PreparedFrame {
    try prepared.frame(frame) {
      try engine.prepare(coded(frame)) { clip.info.segmenterNeighbours(of: frame).compactMap { try? coded($0) } }
    }
  }

  func answer(_ coverage: Plane<UInt8>, score: Float) -> Answer {
    Answer(
      coverage: info.orientation.displayed(coverage), score: score, pixels: coverage.samples.count { $0 != 0 })
  }

  private func coded(_ frame: Int) throws -> RGBImage {
    try check(frame)
    let decoded = try decoding.withLock { try clip.frame(frame) }
    return RGBImage(decoded, threads: settings.threads)
  }

  private func check(_ frame: Int) throws(RemovalError) {
    guard 0..<info.frameCount ~= frame else {
      throw RemovalError(.badRequest, "there is no frame \(frame): the frames are 0 to \(info.frameCount - 1)")
    }
  }

  /// The working copy, and what the engine finds at its working scale; what earlier clicks led to has room in it.
  private static func preparedBytes(_ info: MediaInfo) -> Int {
    let pixels = info.width * info.height
    return pixels * MemoryLayout<SIMD4<UInt16>>.stride + min(pixels, 1_000_000) * 100
  }
}
