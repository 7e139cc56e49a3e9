import Imaging

/// What a person says of one object on one frame, in pixels of that frame, origin top left.
public struct Prompts: Sendable, Equatable {
  public struct Point: Sendable, Hashable, Codable {
    public var x: Int
    public var y: Int

    public init(x: Int, y: Int) {
      self.x = x
      self.y = y
    }
  }

  /// A scribble: the line through its points, in order.
  public struct Stroke: Sendable, Hashable, Codable {
    public var points: [Point]

    public init(points: [Point]) { self.points = points }
  }

  /// Pixels that belong to the object.
  public var inside: [Point]
  /// Pixels that do not.
  public var outside: [Point]
  /// A box around the object: nothing beyond it belongs.
  public var box: Region?
  /// A mask to start from; 0 is background. Of the frame's size.
  public var mask: Plane<UInt8>?
  /// Scribbles within the object.
  public var insideStrokes: [Stroke]
  /// Scribbles beside it.
  public var outsideStrokes: [Stroke]

  public init(
    inside: [Point] = [], outside: [Point] = [], box: Region? = nil, mask: Plane<UInt8>? = nil,
    insideStrokes: [Stroke] = [], outsideStrokes: [Stroke] = []
  ) {
    self.inside = inside
    self.outside = outside
    self.box = box
    self.mask = mask
    self.insideStrokes = insideStrokes
    self.outsideStrokes = outsideStrokes
  }

  public var isEmpty: Bool {
    inside.isEmpty && box == nil && mask == nil && insideStrokes.allSatisfy(\.points.isEmpty)
  }
}

/// One answer to a prompt.
public struct Candidate: Sendable {
  /// 255 inside the object, 0 outside; of the frame's size.
  public let mask: Plane<UInt8>
  /// How sure the engine is, 0…1: the overlap with the true object that it expects.
  public let score: Float

  public init(mask: Plane<UInt8>, score: Float) {
    self.mask = mask
    self.score = score
  }
}

/// Finds the object that a prompt means. Prepared once a frame, then asked as often as one likes.
public protocol Segmenter: Sendable {
  associatedtype Prepared: PreparedFrame
  /// - Throws: `SegmentationError`.
  func prepare(_ image: RGBImage) throws -> Prepared
  /// - Parameter neighbours: frames of the same shot from shortly before and after, as large; an engine may tell by them
  ///   what moves. May be empty.
  /// - Throws: `SegmentationError`.
  func prepare(_ image: RGBImage, beside neighbours: [RGBImage]) throws -> Prepared
}

extension Segmenter {
  /// Engines that look at one frame alone.
  public func prepare(_ image: RGBImage, beside neighbours: [RGBImage]) throws -> Prepared { try prepare(image) }
}

/// A frame made ready for prompts. Answers depend on the frame, its neighbours and the prompts alone.
public protocol PreparedFrame: Sendable {
  /// At most `limit` candidates for one object, best first, never empty: what the prompts mean most likely, then what else
  /// they may mean, parts and wholes. Fewer are answered sooner.
  /// - Precondition: `limit` is at least 1.
  /// - Throws: `SegmentationError` where the prompts are empty or lie outside the frame.
  func candidates(for prompts: Prompts, limit: Int) throws -> [Candidate]
  /// The frame's objects without a person's marks, largest and most certain first; no two share a pixel. May be none.
  /// - Parameter known: what objects hold already (not 0), of the frame's size; nothing there is proposed.
  /// - Throws: `SegmentationError` where more than 255 objects are asked for, or a grid that is none.
  func proposals(_ options: ProposalOptions, beside known: Plane<UInt8>?) throws -> [Candidate]
}

extension PreparedFrame {
  /// All candidates, as `candidates(for:limit:)` orders them.
  public func candidates(for prompts: Prompts) throws -> [Candidate] { try candidates(for: prompts, limit: .max) }
}
