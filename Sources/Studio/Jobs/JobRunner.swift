import Foundation
import Logging
import ObjectRemoval
import ProjectStore
import ServiceLifecycle

/// Runs jobs in worker processes, as many at a time as memory allows, one for each project.
actor JobRunner: Service {
  /// Why a job is being ended from outside.
  enum Ending { case pause, cancel, hung, shutdown }

  struct Running {
    var job: Job
    var process: JobProcess?
    var memory: Int
    var ending: Ending?
    /// When the worker was asked to end.
    var asked: ContinuousClock.Instant?
    /// When it last came further.
    var moved = ContinuousClock.now
    var saved = ContinuousClock.now
    var told: ContinuousClock.Instant?
    var outcome: WorkReportMessage?
  }

  let configuration: StudioConfiguration
  let store: ProjectStore
  let data: DataFolder
  let disk: DiskLedger
  let marks: MarkDesk
  nonisolated let events: EventHub
  let news: ProjectNews
  let metrics: Metrics
  let logger: Logger
  var running: [String: Running] = [:]
  private var isLooking = false
  private var isClosed = false

  init(
    configuration: StudioConfiguration, store: ProjectStore, data: DataFolder, disk: DiskLedger, marks: MarkDesk,
    events: EventHub, metrics: Metrics, logger: Logger
  ) {
    self.configuration = configuration
    self.store = store
    self.data = data
    self.disk = disk
    self.marks = marks
    self.events = events
    news = ProjectNews(store: store, events: events)
    self.metrics = metrics
    self.logger = logger
  }

  func run() async throws {
    for job in try await store.requeueInterrupted() {
      logger.info("job goes on", metadata: ["job": "\(job.id)", "kind": "\(job.kind.rawValue)"])
    }
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await self.look()
        try? await Task.sleep(for: .milliseconds(250))
      }
    }
    await close()
  }

  // MARK: Asking

  /// Queues a job; what was asked before of the same kind gives way.
  func submit(_ job: Job) async throws -> Job {
    for other in try await store.state(job.project).jobs
    where other.kind == job.kind && other.form == job.form && !other.state.isFinal {
      _ = try await cancel(other.id)
    }
    try await store.insert(job)
    try await store.forgetOldJobs(of: job.project)
    await changed(job)
    Task { await look() }
    return job
  }

  func pause(_ id: String) async throws -> Job { try await end(id, .pause, as: .paused, from: [.queued, .running]) }

  func cancel(_ id: String) async throws -> Job {
    try await end(id, .cancel, as: .cancelled, from: [.queued, .running, .paused, .failed])
  }

  /// Goes on with a job that was paused or failed.
  func resume(_ id: String) async throws -> Job {
    let job = try await store.job(id)
    guard job.state == .paused || job.state == .failed else {
      throw StudioError(.conflict, "state", "the job is \(job.state.rawValue); only what is paused or failed goes on")
    }
    let queued = try await store.updateJob(id) { job in
      job.state = .queued
      job.message = ""
    }
    await changed(queued)
    Task { await look() }
    return queued
  }

  func cancelAll(of project: String) async {
    let jobs = (try? await store.state(project).jobs) ?? []
    for job in jobs where !job.state.isFinal { _ = try? await cancel(job.id) }
    let deadline = ContinuousClock.now + .seconds(5)
    while isBusy(project), ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(50)) }
    for (_, entry) in running where entry.job.project == project { entry.process?.kill() }
    while isBusy(project) { try? await Task.sleep(for: .milliseconds(50)) }
  }

  private func end(
    _ id: String, _ ending: Ending, as state: Job.State, from states: Set<Job.State>
  ) async throws -> Job {
    let job = try await store.job(id)
    guard states.contains(job.state) else {
      throw StudioError(.conflict, "state", "the job is \(job.state.rawValue) already")
    }
    let ended = try await store.updateJob(id) { $0.state = state }
    if running[id] != nil {
      running[id]?.ending = ending
      running[id]?.asked = .now
      running[id]?.process?.stop()
    }
    await settle(ended)
    return ended
  }

  private func isBusy(_ project: String) -> Bool { running.values.contains { $0.job.project == project } }

  // MARK: Looking after

  /// Starts what can be started and ends what hangs.
  func look() async {
    guard !isLooking, !isClosed else { return }
    isLooking = true
    defer { isLooking = false }
    endWhatHangs()
    for job in (try? await store.queuedJobs()) ?? [] {
      guard !isClosed, let project = try? await store.project(job.project) else { continue }
      let memory = memory(of: job, project)
      if fits(job, memory) { await start(job, memory) }
    }
    metrics.set("jobs_running", Double(running.count))
  }

  private func fits(_ job: Job, _ memory: Int) -> Bool {
    guard running[job.id] == nil else { return false }
    // Looking a clip through touches none of the files that other jobs work on.
    if job.kind == .ingest { return !running.values.contains { $0.job.kind == .ingest } }
    let others = running.values.filter { $0.job.kind != .ingest }
    guard !others.contains(where: { $0.job.project == job.project }) else { return false }
    let held = others.reduce(0) { $0 + $1.memory }
    return others.isEmpty || held + memory <= configuration.memory
  }

  private func endWhatHangs() {
    for (id, entry) in running {
      if let asked = entry.asked, ContinuousClock.now - asked > .seconds(15) { entry.process?.kill() }
      guard entry.ending == nil, ContinuousClock.now - entry.moved > .seconds(configuration.patience) else { continue }
      logger.warning("job hangs", metadata: ["job": "\(id)"])
      running[id]?.ending = .hung
      entry.process?.kill()
    }
  }

  private func start(_ queued: Job, _ memory: Int) async {
    running[queued.id] = Running(job: queued, process: nil, memory: memory)
    do {
      let state = try await store.state(queued.project)
      let order = try await order(for: queued, state)
      let job = try await store.updateJob(queued.id) { job in
        guard job.state == .queued else { return }
        job.state = .running
        job.attempt += 1
        job.message = ""
      }
      guard job.state == .running else {
        // Cancelled or paused while its order was written.
        running[queued.id] = nil
        return
      }
      let process = try JobProcess(executable: configuration.executable, order: order)
      running[job.id]?.job = job
      running[job.id]?.process = process
      running[job.id]?.moved = .now
      if running[job.id]?.ending != nil { process.stop() }
      logger.info(
        "job started",
        metadata: ["job": "\(job.id)", "kind": "\(job.kind.rawValue)", "process": "\(process.processID)"])
      await began(job)
      Task { await follow(job.id, process) }
    } catch {
      running[queued.id] = nil
      await fail(queued.id, StudioError(error).message)
    }
  }

  private func follow(_ id: String, _ process: JobProcess) async {
    for await message in process.messages { await take(message, id) }
    await ended(id, process.ending)
  }

  private func close() async {
    isClosed = true
    for id in running.keys where running[id]?.ending == nil {
      running[id]?.ending = .shutdown
      running[id]?.process?.stop()
    }
    let deadline = ContinuousClock.now + .seconds(10)
    while !running.isEmpty, ContinuousClock.now < deadline { try? await Task.sleep(for: .milliseconds(50)) }
    for entry in running.values { entry.process?.kill() }
  }
}
