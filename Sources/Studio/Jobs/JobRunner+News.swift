import Foundation
import ProjectStore

extension JobRunner {
  // MARK: While it runs

  func take(_ message: WorkReportMessage, _ id: String) async {
    guard case .progress(let progress) = message else {
      running[id]?.outcome = message
      return
    }
    guard var entry = running[id] else { return }
    if entry.job.stage != progress.stage || entry.job.done != progress.done { entry.moved = .now }
    (entry.job.stage, entry.job.done, entry.job.total) = (progress.stage, progress.done, progress.total)
    (entry.job.rate, entry.job.secondsLeft) = (progress.rate, progress.secondsLeft)
    let job = entry.job
    let now = ContinuousClock.now
    let tells = entry.told.map { now - $0 > .milliseconds(250) } ?? true
    if tells { entry.told = now }
    let saves = now - entry.saved > .seconds(1)
    if saves { entry.saved = now }
    running[id] = entry
    if tells, entry.ending == nil { events.send("job", JobView(job), to: job.project) }
    if let finished = progress.finished { await tell(finished, of: job) }
    if saves { await save(job) }
  }

  private func save(_ job: Job) async {
    _ = try? await store.updateJob(job.id) { stored in
      (stored.stage, stored.done, stored.total) = (job.stage, job.done, job.total)
      (stored.rate, stored.secondsLeft) = (job.rate, job.secondsLeft)
    }
  }

  private func tell(_ finished: [Int], of job: Job) async {
    guard job.kind != .ingest, job.kind != .export else { return }
    let isTrack = job.kind == .track
    _ = try? await store.update(job.project, now: Date()) { project in
      if isTrack {
        project.track.add(finished[0], finished[1])
      } else {
        project.clean.add(finished[0], finished[1])
      }
    }
    events.send(isTrack ? "masks" : "clean", ["from": finished[0], "to": finished[1]], to: job.project)
  }

  /// Marks the project as being worked on.
  func began(_ job: Job) async {
    _ = try? await store.update(job.project, now: Date()) { project in
      switch job.kind {
      case .track:
        if project.track.state == .partial || project.track.state == .none { project.track.frames = [] }
        project.track.state = .running
      case .inpaint:
        if job.attempt == 1 { project.clean.frames = [] }
        project.clean.state = .running
      default: break
      }
    }
    await changed(job)
  }

  // MARK: At its end

  func ended(_ id: String, _ how: String) async {
    guard let entry = running.removeValue(forKey: id) else { return }
    await disk.changed()
    logger.info("job ended", metadata: ["job": "\(id)", "how": "\(how)"])
    if case .result(let result) = entry.outcome, entry.ending != .cancel {
      return await complete(entry.job, result)
    }
    switch entry.ending {
    case .pause, .cancel, .shutdown: return
    case .hung: return await retry(entry.job, after: "no frame was finished in \(Int(configuration.patience)) seconds")
    case nil: break
    }
    guard case .failure(let failure) = entry.outcome else {
      return await fail(id, "the worker ended by \(how); what it finished is kept, so resuming goes on from there")
    }
    await fail(id, failure.message)
  }

  /// A job that hung is tried once more.
  private func retry(_ job: Job, after reason: String) async {
    guard job.attempt < 2 else { return await fail(job.id, "\(reason), twice; resume to try again") }
    let queued = try? await store.updateJob(job.id) { job in
      job.state = .queued
      job.message = reason + "; tried again"
    }
    if let queued { await changed(queued) }
  }

  func fail(_ id: String, _ reason: String) async {
    let failed = try? await store.updateJob(id) { job in
      job.state = .failed
      job.message = reason
      job.secondsLeft = nil
    }
    logger.warning("job failed", metadata: ["job": "\(id)", "reason": "\(reason)"])
    metrics.add("jobs_failed_total")
    if let failed { await settle(failed) }
  }

  private func complete(_ job: Job, _ result: WorkResult) async {
    let bytes = DataFolder.bytes(in: data.project(job.project).path)
    let folder = data.project(job.project).outputs
    let before = (try? await store.project(job.project).outputs) ?? []
    let project = try? await store.update(job.project, now: Date()) { project in
      project.bytes = bytes
      project.finish(job, result)
      if let file = result.file { project.add(file, in: folder, of: job) }
    }
    // Films of older masks, or in another codec, are not offered any more.
    for old in before where project?.outputs.contains(where: { $0.file == old.file }) == false {
      unlink(folder + "/" + old.file)
    }
    await addNewcomers(result.objects ?? [], to: job.project)
    let done = try? await store.updateJob(job.id) { stored in
      stored.state = .done
      (stored.done, stored.total, stored.secondsLeft) = (Double(job.total), job.total, nil)
      stored.stage = job.stage
      stored.message = result.warnings.joined(separator: "; ")
    }
    metrics.add("jobs_done_total")
    if let done { await changed(done) }
  }

  /// Objects that entered while others were followed, and that nobody had marked.
  private func addNewcomers(_ labels: [Int], to project: String) async {
    guard let objects = try? await store.state(project).objects else { return }
    let new = labels.filter { label in !objects.contains { $0.id == label } }
    guard !new.isEmpty else { return }
    try? await store.replaceObjects(objects + new.map { MarkedObject(label: $0) }, of: project)
  }

  // MARK: Telling

  /// What a job that will not go on by itself leaves behind in its project.
  func settle(_ job: Job) async {
    _ = try? await store.update(job.project, now: Date()) { $0.leave(job) }
    await changed(job)
  }

  func changed(_ job: Job) async {
    events.send("job", JobView(job), to: job.project)
    await news.tell(job.project)
  }
}

extension Project {
  /// Takes a finished job's result over.
  fileprivate mutating func finish(_ job: Job, _ result: WorkResult) {
    if let found = result.cuts { cuts = found }
    switch job.kind {
    case .track:
      track = WorkState(.done, frames: result.frames.map { [$0] } ?? [])
      if clean.state != .none { clean.state = .stale }
      let ofMasks = [Job.Form.maskedFilm, .maskZip, .matte].map(\.rawValue)
      outputs.removeAll { ofMasks.contains($0.kind) }
    case .inpaint:
      clean = WorkState(.done, frames: result.frames.map { [$0] } ?? [])
      let ofFilms = [Job.Form.lossless, .pictureZip].map(\.rawValue)
      outputs.removeAll { ofFilms.contains($0.kind) }
    case .preview:
      if let frames = result.frames { clean.add(frames[0], frames[1]) }
      if clean.state == .none { clean.state = .partial }
    case .ingest, .export: break
    }
  }

  /// Adds a file that can be downloaded, in place of an earlier one of its kind.
  fileprivate mutating func add(_ file: String, in folder: String, of job: Job) {
    let form = job.kind == .inpaint ? .film : job.form ?? .film
    outputs.removeAll { $0.kind == form.rawValue }
    outputs.append(
      Output(
        id: Identifier.make(), kind: form.rawValue, name: form.name(of: CleanName.stem(source.name), file: file),
        bytes: DataFolder.bytes(of: folder + "/" + file) ?? 0, file: file))
  }

  /// What a job that stopped leaves: paused, or as far as it came.
  fileprivate mutating func leave(_ job: Job) {
    func left(_ work: WorkState) -> WorkState.State {
      if job.state == .paused { return .paused }
      return work.frames.isEmpty ? .none : .partial
    }
    switch job.kind {
    case .track where [.running, .paused].contains(track.state): track.state = left(track)
    case .inpaint where [.running, .paused].contains(clean.state): clean.state = left(clean)
    default: break
    }
  }
}
