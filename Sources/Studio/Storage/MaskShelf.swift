import Foundation
import ObjectRemoval
import ProjectStore

/// Where the masks of a frame lie: the newest that was tracked, and what was marked after it.
struct MaskShelf {
  private let folder: ProjectFolder

  init(_ folder: ProjectFolder) { self.folder = folder }

  /// Label maps to lay over one another, the first at the bottom; empty where there is nothing.
  func paths(_ frame: Int, _ prompts: [Prompt]) -> [String] {
    let tracked = tracked(frame)
    let marks = prompts.filter { $0.frame == frame }
      .map { folder.mark(frame: frame, object: $0.object) }
      .filter { path in
        guard let marked = Self.date(path) else { return false }
        return tracked.map { marked > $0.date } ?? true
      }
    return (tracked.map { [$0.path] } ?? []) + marks
  }

  /// The newest label map that was tracked.
  func tracked(_ frame: Int) -> (path: String, date: Int)? {
    let names =
      [folder.masks + "/" + Self.padded(frame, 5) + ".png"] + KeptMasks(workFolder: folder.work).paths(frame)
    return names.compactMap { path in Self.date(path).map { (path, $0) } }.max { $0.1 < $1.1 }
  }

  private static func date(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? status.modified : nil
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
