/// Where image files are put: a folder, a zip, or one file. Nothing stands there before `finish`.
protocol ImageStore {
  func add(_ name: String, _ bytes: [UInt8]) throws(VideoIOError)
  func finish() throws(VideoIOError)
  func cancel()
  var warnings: [String] { get }
}

struct ImageFolder: ImageStore {
  private let folder: StagedFolder

  init(_ path: String, force: Bool) throws(VideoIOError) { folder = try StagedFolder(path, force: force) }

  var warnings: [String] {
    folder.keptFiles > 0 ? ["\(folder.keptFiles) other files stay in the folder \(folder.path)"] : []
  }

  func add(_ name: String, _ bytes: [UInt8]) throws(VideoIOError) {
    try StagedPath.write(bytes, to: folder.add(name), for: folder.path)
  }

  func finish() throws(VideoIOError) { try folder.commit() }
  func cancel() { folder.discard() }
}

struct ImageZip: ImageStore {
  let warnings: [String] = []
  private let staged: StagedFile
  private let zip: ZipWriter

  init(_ path: String, force: Bool) throws(VideoIOError) {
    staged = try StagedFile(path, force: force)
    zip = try ZipWriter(staged.stagedPath, for: path)
  }

  func add(_ name: String, _ bytes: [UInt8]) throws(VideoIOError) { try zip.add(name, bytes) }

  func finish() throws(VideoIOError) {
    try zip.finish()
    try staged.commit()
  }

  func cancel() { staged.discard() }
}

struct SingleImage: ImageStore {
  let warnings: [String] = []
  private let staged: StagedFile

  init(_ path: String, force: Bool) throws(VideoIOError) { staged = try StagedFile(path, force: force) }

  func add(_ name: String, _ bytes: [UInt8]) throws(VideoIOError) {
    try StagedPath.write(bytes, to: staged.stagedPath, for: staged.path)
  }

  func finish() throws(VideoIOError) { try staged.commit() }
  func cancel() { staged.discard() }
}
