import Foundation
import Logging
import ProjectStore
import ServiceLifecycle

/// Runs jobs in worker processes, as many at a time as memory allows.
actor JobRunner: Service {
  let configuration: StudioConfiguration
  let store: ProjectStore
  let data: DataFolder
  let disk: DiskLedger
  nonisolated let events: EventHub
  let metrics: Metrics
  let logger: Logger

  init(
    configuration: StudioConfiguration, store: ProjectStore, data: DataFolder, disk: DiskLedger, events: EventHub,
    metrics: Metrics, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.data = data
    self.disk = disk
    self.events = events
    self.metrics = metrics
    self.logger = logger
  }

  func run() async throws { try? await gracefulShutdown() }

  func submit(_ job: Job) async throws -> Job {
    try await store.insert(job)
    return job
  }

  func pause(_ id: String) async throws -> Job { try await store.updateJob(id) { $0.state = .paused } }
  func resume(_ id: String) async throws -> Job { try await store.updateJob(id) { $0.state = .queued } }
  func cancel(_ id: String) async throws -> Job { try await store.updateJob(id) { $0.state = .cancelled } }
  func cancelAll(of project: String) async {}
}
