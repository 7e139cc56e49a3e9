import Foundation
import Imaging
import VideoIO

/// What a job did, frame by frame. Written by `--report FILE.json`.
public struct RemovalReport: Sendable, Codable, Equatable {
  public struct FrameEntry: Sendable, Codable, Equatable {
    public var frame: Int
    /// By object label; 0…1, below about 0.5 a person should look. Empty where masks were given.
    public var confidence: [String: Float] = [:]
    /// By object label, of those followed as something flat: the corners from the top left one, clockwise, each [x, y] in
    /// pixels of the displayed frame with centres at whole numbers. nil where there are none.
    public var corners: [String: [SIMD2<Float>]]?
    /// Pixels of the hole, and the shares of it by where the fill came from.
    public var holePixels = 0
    public var borrowed = 0.0
    public var madeUp = 0.0
    public var abstained = 0.0
    /// The scale at which the hole was filled; below 1 where asked for, or where the memory budget forbade full size.
    public var fillScale = 1.0
  }

  public var input: String
  public var output: String?
  public var frames: [FrameEntry] = []
  public var secondsByStage: [String: Double] = [:]
  /// Bytes resident at the highest.
  public var peakMemory = 0
  /// First frames of new shots.
  public var shotCuts: [Int] = []
  /// Frames whose packets were damaged and that repeat the frame before.
  public var repeatedFrames: [Int] = []
  /// The input breaks off before its index says; what was there was processed.
  public var isTruncated = false
  /// Frames taken over from an interrupted run.
  public var resumedFrames = 0
  public var warnings: [String] = []
  /// True where all that was marked was recognised as flat, and followed by maps of the plane.
  public var isRecognisedAsFlat: Bool?

  /// Shares of all hole pixels.
  public var borrowed: Double { share(\.borrowed) }
  public var madeUp: Double { share(\.madeUp) }
  public var abstained: Double { share(\.abstained) }

  /// Frames of which the tracker is unsure, worst first.
  public func framesToCheck(below threshold: Float = 0.5, atMost count: Int = 10) -> [Int] {
    let unsure = frames.compactMap { entry in entry.confidence.values.min().map { (entry.frame, $0) } }
      .filter { $0.1 < threshold }
    return unsure.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(count).map(\.0)
  }

  public var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }

  /// Written beside and renamed into place.
  /// - Throws: `VideoIOError.cannotWrite`.
  func write(to path: String) throws {
    let data = try json
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw VideoIOError(
        .cannotWrite, file: path, "the report cannot be written", underlying: error.localizedDescription)
    }
  }

  private func share(_ part: KeyPath<FrameEntry, Double>) -> Double {
    let pixels = frames.reduce(0) { $0 + $1.holePixels }
    guard pixels > 0 else { return 0 }
    return frames.reduce(0) { $0 + $1[keyPath: part] * Double($1.holePixels) } / Double(pixels)
  }
}
