import Foundation
import ProjectStore
import VideoIO

/// The clips that are open, each in a process of its own; the one unused longest makes room.
actor SessionPool {
  private struct Entry {
    var opening: Task<(SessionProcess, MediaInfo), any Error>
    var lastUse: ContinuousClock.Instant
  }

  private let configuration: StudioConfiguration
  private let data: DataFolder
  private let disk: DiskLedger
  private let metrics: Metrics
  private var entries: [String: Entry] = [:]
  /// A network that marks takes gigabytes in each process.
  private let capacity: Int
  private static let idle = Duration.seconds(900)

  init(_ configuration: StudioConfiguration, data: DataFolder, disk: DiskLedger, metrics: Metrics) {
    self.configuration = configuration
    self.data = data
    self.disk = disk
    capacity = configuration.engines.selectsByNetwork ? 1 : 3
    self.metrics = metrics
  }

  /// Asks the process of a clip, starting it where needed; one that ended is started again, once.
  /// - Parameter key: the project's id.
  func ask(
    _ key: String, _ source: Project.Source, _ operation: SessionRequest.Operation
  ) async throws -> SessionProcess.Reply {
    let known = entry(key, source)
    do {
      return try await opened(key, known).0.ask(operation)
    } catch let failure as WorkerFailure where failure.code == .ended {
      forget(key, known)
      return try await opened(key, entry(key, source)).0.ask(operation)
    }
  }

  /// Opens a clip to see whether it is one.
  func open(_ key: String, _ source: Project.Source) async throws -> MediaInfo {
    try await opened(key, entry(key, source)).1
  }

  func close(_ key: String) async { await stop(entries.removeValue(forKey: key)) }

  func closeAll() async {
    let all = entries.values
    entries = [:]
    for entry in all { await stop(entry) }
  }

  private func entry(_ key: String, _ source: Project.Source) -> Entry {
    entries[key]?.lastUse = .now
    if let known = entries[key] { return known }
    makeRoom()
    let entry = Entry(opening: Task { try await start(source, data.project(key)) }, lastUse: .now)
    entries[key] = entry
    metrics.set("sessions", Double(entries.count))
    return entry
  }

  private func opened(_ key: String, _ entry: Entry) async throws -> (SessionProcess, MediaInfo) {
    do {
      return try await entry.opening.value
    } catch {
      forget(key, entry)
      throw error
    }
  }

  /// Gives up an entry that failed, unless another one took its place: several asks find out together.
  private func forget(_ key: String, _ failed: Entry) {
    if entries[key]?.opening == failed.opening { entries[key] = nil }
  }

  private func start(_ source: Project.Source, _ folder: ProjectFolder) async throws -> (SessionProcess, MediaInfo) {
    let prepared = DataFolder.bytes(in: folder.prepared) + (await disk.left()) / 8
    let process = try SessionProcess(executable: configuration.executable)
    let opening = SessionOpening(
      path: source.path, name: source.name, limits: configuration.limits,
      memory: max(256 << 20, configuration.memory / (2 * capacity)), threads: 2, engines: configuration.engines,
      preparedFolder: folder.prepared, preparedBytes: min(configuration.preparedFrames, prepared))
    do {
      guard let info = try await process.ask(.open(opening)).answer.info else {
        throw WorkerFailure(.fault, "the clip could not be opened")
      }
      return (process, info)
    } catch {
      process.stop()
      throw error
    }
  }

  private func makeRoom() {
    let stale = entries.filter { ContinuousClock.now - $0.value.lastUse > Self.idle }.map(\.key)
    for key in stale { retire(key) }
    while entries.count >= capacity, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse })?.key {
      retire(oldest)
    }
  }

  private func retire(_ key: String) {
    let entry = entries.removeValue(forKey: key)
    Task { await stop(entry) }
  }

  private func stop(_ entry: Entry?) async {
    guard let entry else { return }
    entry.opening.cancel()
    try? await entry.opening.value.0.stop()
  }
}
