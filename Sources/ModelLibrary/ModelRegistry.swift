import Foundation
import NeuralGraph
import VideoIO

/// The models that a user has added: which file holds which, and its hash. Kept as JSON in a folder of the user's.
///
/// Files stay where they are; only what was fetched lies in the registry's own folder.
public struct ModelRegistry: Sendable {
  public struct Entry: Sendable, Codable, Equatable {
    /// The kind's name.
    public let model: String
    public let path: String
    public let sha256: String
    /// Bytes.
    public let size: Int

    public var kind: ModelKind? { ModelKind.named(model) }
  }

  public let folder: String
  private var file: String { folder + "/models.json" }

  /// - Parameter folder: nil for the user's: `CLEANPLATE_MODELS`, or the system's place for application data.
  public init(folder: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment) {
    self.folder = folder ?? Self.userFolder(environment)
  }

  private static func userFolder(_ environment: [String: String]) -> String {
    if let named = environment["CLEANPLATE_MODELS"], !named.isEmpty { return named }
    let home = environment["HOME"] ?? NSHomeDirectory()
    #if os(macOS)
      return home + "/Library/Application Support/Cleanplate/Models"
    #else
      return (environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home + "/.local/share")
        + "/cleanplate/models"
    #endif
  }

  /// In the order in which they were added.
  /// - Throws: `ModelError.file` where the registry is damaged.
  public func entries() throws(ModelError) -> [Entry] {
    guard let data = FileManager.default.contents(atPath: file) else { return [] }
    guard let entries = try? JSONDecoder().decode([Entry].self, from: data) else {
      throw ModelError(.file, "\(file) is damaged; remove it and add your models again")
    }
    return entries
  }

  /// Recognises a file by its keys, checks every tensor's shape, hashes it and notes where it is.
  /// - Throws: `CheckpointError`, `GraphError`, `ModelError`, `VideoIOError`.
  @discardableResult
  public func add(_ path: String) throws -> Entry {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    let (kind, _) = try Self.recognise(absolute)
    let hash = try ContentHash.sha256(file: absolute)
    let size = (try? FileManager.default.attributesOfItem(atPath: absolute)[.size] as? NSNumber)?.intValue ?? 0
    let entry = Entry(model: kind.name, path: absolute, sha256: hash, size: size)
    try write(entries().filter { $0.path != absolute } + [entry])
    return entry
  }

  /// Forgets models by name or path; their files stay.
  /// - Returns: those forgotten.
  /// - Throws: `ModelError.unknown` where none is called so.
  public func remove(_ name: String) throws(ModelError) -> [Entry] {
    let all = try entries()
    let absolute = URL(fileURLWithPath: name).standardizedFileURL.path
    let gone = all.filter { $0.model == name || $0.path == absolute }
    guard !gone.isEmpty else { throw ModelError(.unknown, "no model called \(name) was added") }
    try write(all.filter { !gone.contains($0) })
    return gone
  }

  private func write(_ entries: [Entry]) throws(ModelError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try encoder.encode(entries).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
      throw ModelError(.file, "\(file) cannot be written: \(error.localizedDescription)")
    }
  }

  /// The model in a file and its weights, every tensor checked.
  /// - Throws: `CheckpointError`, `GraphError`, `ModelError.notRecognised`.
  public static func recognise(_ path: String) throws -> (kind: ModelKind, weights: NetworkWeights) {
    let weights = NetworkWeights(try Checkpoint(path))
    guard let kind = ModelKind.recognised(weights) else {
      let known = ModelKind.all.map(\.title).joined(separator: ", ")
      throw ModelError(.notRecognised, "\(path) holds none of the known networks: \(known)")
    }
    try kind.verify(weights)
    return (kind, weights)
  }

  /// Weights for an engine: of the files given, the one that holds it; else the model added last.
  /// - Throws: `ModelError.unknown` that says how to get some; whatever is wrong with a file.
  public func weights(engine: String, files: [String]) throws -> (
    kind: ModelKind, path: String, weights: NetworkWeights
  ) {
    for path in files {
      let (kind, weights) = try Self.recognise(path)
      if kind.engine == engine { return (kind, path, weights) }
    }
    if let entry = try entries().last(where: { $0.kind?.engine == engine }) {
      let (kind, weights) = try Self.recognise(entry.path)
      return (kind, entry.path, weights)
    }
    let kinds = ModelKind.all.filter { $0.engine == engine }
    let page = kinds.first.map { " from \($0.page)" } ?? ""
    throw ModelError(
      .unknown,
      "\(engine) needs its weights\(page): name the file with --weights, or once and for all with 'cleanplate models add FILE'"
    )
  }
}
