import Foundation
import ObjectRemoval
import VideoIO

/// How a studio is served.
public struct StudioConfiguration: Sendable {
  /// The address to listen on. Anything but a loopback address needs a token.
  public var host = "127.0.0.1"
  /// 0: any free one.
  public var port = 7860
  /// Host names that requests may carry besides the address itself.
  public var hostNames: [String] = []
  /// Folders whose clips can be opened where they are.
  public var folders: [String] = []
  /// Where projects and uploads are kept.
  public var data: String
  /// Bytes that all jobs together may hold.
  public var memory = 2 << 30
  /// Bytes that the data folder may hold.
  public var disk = 50 << 30
  public var limits = MediaLimits(bytes: 20 << 30, pixels: 8192 * 4608, frames: 500_000, duration: 6 * 3600)
  public var projects = 200
  public var engines = EngineChoice()
  /// Bytes of prepared frames that a project's folder may keep for the next session.
  public var preparedFrames = 512 << 20
  /// The program that `studio-worker` is run of.
  public var executable: String
  /// Seconds without progress after which a job is ended.
  public var patience = 300.0
  public var version: String

  public init(data: String, executable: String, version: String) {
    self.data = data
    self.executable = executable
    self.version = version
  }

  var isLoopback: Bool { ["127.0.0.1", "localhost", "::1"].contains(host) }
}
