import Foundation
import GRDB

/// Work that was asked for, and how it went.
public struct Job: Codable, Sendable, Identifiable, FetchableRecord, PersistableRecord {
  public static let databaseTableName = "job"

  public enum Kind: String, Codable, Sendable, CaseIterable {
    /// One pass over a new clip: cuts, thumbnails, a film to play.
    case ingest
    case track, inpaint, preview, export
  }

  public enum State: String, Codable, Sendable {
    case queued, running, paused, done, failed, cancelled

    public var isFinal: Bool { self == .done || self == .cancelled }
  }

  public enum Direction: String, Codable, Sendable { case both, forward, backward }

  public enum Form: String, Codable, Sendable, CaseIterable {
    case maskedFilm = "seg_video"
    case film = "inpainting_h264"
    case maskZip = "mask_zip"
    case matte = "prores_matte"
    case lossless = "ffv1"
    case pictureZip = "png_zip"
  }

  public var id: String
  public var project: String
  public var kind: Kind
  public var state = State.queued
  /// First and last frame, both included.
  public var range: [Int]?
  public var direction: Direction?
  /// Around which frame a preview is made.
  public var frame: Int?
  public var form: Form?
  public var stage = ""
  public var done = 0.0
  public var total = 0
  /// Frames a second.
  public var rate = 0.0
  public var secondsLeft: Double?
  /// Why it failed, or what there is to say of it.
  public var message = ""
  public var attempt = 0
  public var created: Date

  public init(
    id: String, project: String, kind: Kind, range: [Int]? = nil, direction: Direction? = nil, frame: Int? = nil,
    form: Form? = nil, now: Date
  ) {
    self.id = id
    self.project = project
    self.kind = kind
    self.range = range
    self.direction = direction
    self.frame = frame
    self.form = form
    created = now
  }
}

/// A file that is on its way.
public struct Upload: Codable, Sendable, Identifiable, FetchableRecord, PersistableRecord {
  public static let databaseTableName = "upload"

  public var id: String
  /// Cleaned.
  public var name: String
  public var length: Int
  public var created: Date

  public init(id: String, name: String, length: Int, now: Date) {
    self.id = id
    self.name = name
    self.length = length
    created = now
  }
}
