import Foundation

/// The masks that tracking has left in a job's work folder so far: what can be looked at while it runs.
public struct KeptMasks: Sendable {
  struct Walk: Codable {
    var folder: String
    var first: Int
    var last: Int
  }

  static let list = "walks.json"

  private let folder: StageFolder
  private let walks: [Walk]

  /// Reads which walks the newest run makes or made; none where there was no run.
  public init(workFolder: String) {
    folder = StageFolder(path: workFolder + "/track")
    walks = folder.value([Walk].self, Self.list) ?? []
  }

  /// Label maps of a frame, PNG files in the displayed orientation: one for each walk that came by.
  public func paths(_ frame: Int) -> [String] {
    walks.filter { $0.first <= frame && frame <= $0.last }
      .map { "\($0.folder)/\(frameName(frame, ".png"))" }.filter(folder.has).map { folder.path + "/" + $0 }
  }
}
