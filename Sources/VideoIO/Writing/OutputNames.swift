import Foundation

/// All names under which one job leaves something, and all that it reads: checked before any work is done.
///
/// An output is never an input, not under another name of it either, and never another output.
public struct OutputNames {
  /// What the job reads: the clip, masks, prompts. Standard input and pipes are no files to protect.
  public var inputs: [String]
  /// Films, folders and mask outputs, whose sinks refuse by themselves to replace what is there.
  public var outputs: [String]
  /// Single files that are written at once: reports, previews.
  public var files: [String]
  /// The folder in which a job keeps its own work; nothing else goes there.
  public var workFolder: String?
  public var force: Bool

  public init(
    inputs: [String], outputs: [String], files: [String] = [], workFolder: String? = nil, force: Bool
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.files = files
    self.workFolder = workFolder
    self.force = force
  }

  /// - Throws: `VideoIOError`: `.badRequest` for names that clash, `.exists` for a single file that is there and may not be
  ///   replaced, `.cannotWrite` where the folder of one is not there.
  public func check() throws(VideoIOError) {
    let all = outputs + files
    for (index, path) in all.enumerated() {
      if path.isEmpty { throw VideoIOError(.badRequest, file: "the output", "has no name") }
      for input in inputs { try refuse(path, over: input) }
      for other in all[..<index] where StagedPath.isSamePlace(path, other) {
        throw VideoIOError(.badRequest, file: path, "two outputs have this name; give each its own")
      }
      if let workFolder, StagedPath.isWithin(path, workFolder) {
        throw VideoIOError(.badRequest, file: path, "the output lies in the work folder \(workFolder); choose another place")
      }
    }
    for path in files { try checkFile(path) }
  }

  private func refuse(_ path: String, over input: String) throws(VideoIOError) {
    if StagedPath.isSameFile(path, input) {
      throw VideoIOError(.badRequest, file: path, "the output is the input \(input) itself; choose another name")
    }
    if StagedPath.isFolder(path), ImageListing.isImage(input), StagedPath.isSameFile(StagedPath.folder(of: input), path) {
      throw VideoIOError(
        .badRequest, file: path, "the input \(input) lies in this folder, where it could be replaced; choose another one")
    }
    // An image written among the images of a folder would be one of them, or take the place of one.
    if StagedPath.isFolder(input), ImageListing.isImage(path), StagedPath.isSameFile(StagedPath.folder(of: path), input) {
      throw VideoIOError(.badRequest, file: path, "the output would be an image of the input folder \(input)")
    }
  }

  private func checkFile(_ path: String) throws(VideoIOError) {
    guard !StagedPath.isFolder(path) else { throw VideoIOError(.cannotWrite, file: path, "this is a folder, not a file") }
    guard force || !StagedPath.exists(path) else { throw .alreadyThere(path) }
    let folder = StagedPath.folder(of: path)
    guard StagedPath.isFolder(folder) else { throw VideoIOError(.cannotWrite, file: path, "there is no folder \(folder)") }
  }
}

extension StagedPath {
  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    let folder = split(path).folder
    return folder.isEmpty ? "." : folder
  }

  /// Whether both names stand for the same entry of the same folder, there or not yet.
  static func isSamePlace(_ first: String, _ second: String) -> Bool {
    if isSameFile(first, second) { return true }
    let (a, b) = (split(first), split(second))
    return a.name == b.name
      && (a.folder == b.folder || isSameFile(folder(of: first), folder(of: second)))
  }

  /// Whether a path is, or would be, inside a folder.
  static func isWithin(_ path: String, _ container: String) -> Bool {
    let own = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    let outer = URL(fileURLWithPath: container).standardizedFileURL.resolvingSymlinksInPath().path
    return own.hasPrefix(withoutTrailingSlashes(outer) + "/")
  }
}
