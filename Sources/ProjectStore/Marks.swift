import GRDB

/// An object of a project, by the label that it has in masks.
public struct MarkedObject: Codable, Sendable, Equatable {
  /// 1…255.
  public var id: Int
  public var name: String
  /// `#RRGGBB`, the palette's.
  public var color: String
  public var visible: Bool
  /// Whether it takes part in the removal.
  public var included: Bool

  public init(id: Int, name: String, color: String, visible: Bool = true, included: Bool = true) {
    self.id = id
    self.name = name
    self.color = color
    self.visible = visible
    self.included = included
  }
}

/// What a person marked of one object on one frame, in pixels of the displayed frame.
public struct Prompt: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable {
    public var x: Int
    public var y: Int
    public var inside: Bool

    public init(x: Int, y: Int, inside: Bool) {
      self.x = x
      self.y = y
      self.inside = inside
    }
  }

  public struct Stroke: Codable, Sendable, Equatable {
    public var inside: Bool
    /// Pairs of x and y.
    public var points: [[Int]]

    public init(inside: Bool, points: [[Int]]) {
      self.inside = inside
      self.points = points
    }
  }

  public var frame: Int
  public var object: Int
  public var points: [Point]
  /// x, y, width, height.
  public var box: [Int]?
  public var strokes: [Stroke]
  /// Which of the engine's answers was taken; 0 is the best.
  public var candidate: Int

  public init(
    frame: Int, object: Int, points: [Point] = [], box: [Int]? = nil, strokes: [Stroke] = [], candidate: Int = 0
  ) {
    self.frame = frame
    self.object = object
    self.points = points
    self.box = box
    self.strokes = strokes
    self.candidate = candidate
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    frame = try values.decode(Int.self, forKey: .frame)
    object = try values.decode(Int.self, forKey: .object)
    points = try values.decodeIfPresent([Point].self, forKey: .points) ?? []
    box = try values.decodeIfPresent([Int].self, forKey: .box)
    strokes = try values.decodeIfPresent([Stroke].self, forKey: .strokes) ?? []
    candidate = try values.decodeIfPresent(Int.self, forKey: .candidate) ?? 0
  }

  private enum CodingKeys: String, CodingKey { case frame, object, points, box, strokes, candidate }

  /// Written whole, null where there is no box, so that clients need not guess.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(frame, forKey: .frame)
    try values.encode(object, forKey: .object)
    try values.encode(points, forKey: .points)
    try values.encode(box, forKey: .box)
    try values.encode(strokes, forKey: .strokes)
    try values.encode(candidate, forKey: .candidate)
  }

  /// Whether nothing within the box is pointed at.
  public var isBoxAlone: Bool {
    box != nil && !points.contains(where: \.inside) && strokes.allSatisfy { !$0.inside || $0.points.isEmpty }
  }

  public var isEmpty: Bool { points.isEmpty && box == nil && strokes.allSatisfy(\.points.isEmpty) }
}
