import Foundation
import GRDB

/// One clip under work, and where the work on it stands.
public struct Project: Codable, Sendable, Identifiable, FetchableRecord, PersistableRecord {
  public static let databaseTableName = "project"

  /// Where the clip lies and what it was called.
  public struct Source: Codable, Sendable, Equatable {
    public var path: String
    public var name: String
    /// Whether the file belongs to the project and goes with it.
    public var isUpload: Bool

    public init(path: String, name: String, isUpload: Bool) {
      self.path = path
      self.name = name
      self.isUpload = isUpload
    }
  }

  public var id: String
  public var name: String
  public var created: Date
  public var updated: Date
  public var source: Source
  public var media: Media
  /// First frames of new shots.
  public var cuts: [Int] = []
  /// First and last frame to work on.
  public var range: [Int]
  public var settings: ProjectSettings
  public var track = WorkState()
  public var clean = WorkState()
  public var outputs: [Output] = []
  /// On disk, the source included where it was uploaded.
  public var bytes = 0

  public init(id: String, name: String, source: Source, media: Media, settings: ProjectSettings, now: Date) {
    self.id = id
    self.name = name
    created = now
    updated = now
    self.source = source
    self.media = media
    self.settings = settings
    range = [0, max(0, media.frames - 1)]
  }
}

/// What is told of a clip.
public struct Media: Codable, Sendable, Equatable {
  public var name: String
  public var frames: Int
  /// As shown.
  public var width: Int
  public var height: Int
  /// Numerator and denominator.
  public var rate: [Int]
  public var seconds: Double
  public var audio: Bool
  public var color: String
  public var codec: String
  public var interlaced: Bool
  /// Degrees clockwise.
  public var rotation: Int

  public init(
    name: String, frames: Int, width: Int, height: Int, rate: [Int], seconds: Double, audio: Bool, color: String,
    codec: String, interlaced: Bool, rotation: Int
  ) {
    self.name = name
    self.frames = frames
    self.width = width
    self.height = height
    self.rate = rate
    self.seconds = seconds
    self.audio = audio
    self.color = color
    self.codec = codec
    self.interlaced = interlaced
    self.rotation = rotation
  }
}

/// How far a kind of work has come.
public struct WorkState: Codable, Sendable, Equatable {
  public enum State: String, Codable, Sendable { case none, running, paused, partial, done, stale }

  public var state = State.none
  /// Frames that have a result: pairs of first and last.
  public var frames: [[Int]] = []

  public init(_ state: State = .none, frames: [[Int]] = []) {
    self.state = state
    self.frames = frames
  }

  /// Adds frames `first` to `last`, joining what touches.
  public mutating func add(_ first: Int, _ last: Int) {
    var joined = [first, last]
    var apart: [[Int]] = []
    for range in frames where range.count == 2 {
      if range[1] < joined[0] - 1 || range[0] > joined[1] + 1 {
        apart.append(range)
      } else {
        joined = [min(joined[0], range[0]), max(joined[1], range[1])]
      }
    }
    frames = (apart + [joined]).sorted { $0[0] < $1[0] }
  }
}

/// A file that was made and can be downloaded.
public struct Output: Codable, Sendable, Equatable {
  public var id: String
  public var kind: String
  public var name: String
  public var bytes: Int
  /// Its name in the project's folder of outputs.
  public var file: String

  public init(id: String, kind: String, name: String, bytes: Int, file: String) {
    self.id = id
    self.kind = kind
    self.name = name
    self.bytes = bytes
    self.file = file
  }
}
