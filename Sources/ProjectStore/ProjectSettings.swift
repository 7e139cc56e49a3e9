/// How a project's work is done. What a client leaves out has its default.
public struct ProjectSettings: Codable, Sendable, Equatable {
  /// Pixels; nil: chosen by the frame's size.
  public var dilate: Int?
  public var feather: Int
  public var shadow: Bool
  /// 0.1…1.
  public var resize: Double
  public var still: Bool
  public var planar: Bool
  /// Bytes; nil: the server's budget for a job.
  public var memory: Int?
  /// Constant rate factor.
  public var quality: Int?
  public var samGap: Int
  public var pointsPerSide: Int
  public var maximumObjects: Int
  public var memoryGap: Int
  public var memoryLength: Int
  public var codec: String?

  public init() {
    (feather, shadow, resize, still, planar) = (0, false, 1, false, false)
    (samGap, pointsPerSide, maximumObjects, memoryGap, memoryLength) = (0, 16, 255, 5, 60)
  }

  /// Whether the same masks are filled in the same way.
  public func fills(like other: ProjectSettings) -> Bool {
    (dilate, feather, shadow, resize, still, memory) == (
      other.dilate, other.feather, other.shadow, other.resize, other.still, other.memory
    )
  }

  public init(from decoder: any Decoder) throws {
    self.init()
    let values = try decoder.container(keyedBy: CodingKeys.self)
    dilate = try values.decodeIfPresent(Int.self, forKey: .dilate)
    feather = try values.decodeIfPresent(Int.self, forKey: .feather) ?? feather
    shadow = try values.decodeIfPresent(Bool.self, forKey: .shadow) ?? shadow
    resize = try values.decodeIfPresent(Double.self, forKey: .resize) ?? resize
    still = try values.decodeIfPresent(Bool.self, forKey: .still) ?? still
    planar = try values.decodeIfPresent(Bool.self, forKey: .planar) ?? planar
    memory = try values.decodeIfPresent(Int.self, forKey: .memory)
    quality = try values.decodeIfPresent(Int.self, forKey: .quality)
    samGap = try values.decodeIfPresent(Int.self, forKey: .samGap) ?? samGap
    pointsPerSide = try values.decodeIfPresent(Int.self, forKey: .pointsPerSide) ?? pointsPerSide
    maximumObjects = try values.decodeIfPresent(Int.self, forKey: .maximumObjects) ?? maximumObjects
    memoryGap = try values.decodeIfPresent(Int.self, forKey: .memoryGap) ?? memoryGap
    memoryLength = try values.decodeIfPresent(Int.self, forKey: .memoryLength) ?? memoryLength
    codec = try values.decodeIfPresent(String.self, forKey: .codec)
  }

  private enum CodingKeys: String, CodingKey, CaseIterable {
    case dilate, feather, shadow, resize, still, planar, memory, quality, samGap, pointsPerSide, maximumObjects
    case memoryGap, memoryLength, codec
  }

  /// Written whole, null where the choice is the server's, so that clients need not guess.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(dilate, forKey: .dilate)
    try values.encode(feather, forKey: .feather)
    try values.encode(shadow, forKey: .shadow)
    try values.encode(resize, forKey: .resize)
    try values.encode(still, forKey: .still)
    try values.encode(planar, forKey: .planar)
    try values.encode(memory, forKey: .memory)
    try values.encode(quality, forKey: .quality)
    try values.encode(samGap, forKey: .samGap)
    try values.encode(pointsPerSide, forKey: .pointsPerSide)
    try values.encode(maximumObjects, forKey: .maximumObjects)
    try values.encode(memoryGap, forKey: .memoryGap)
    try values.encode(memoryLength, forKey: .memoryLength)
    try values.encode(codec, forKey: .codec)
  }
}
