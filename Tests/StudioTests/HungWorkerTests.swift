import Foundation
import ProjectStore
import Testing

@testable import Studio

/// A worker that says nothing is ended and tried once more; then the job has failed, with its reason.
struct HungWorkerTests {
  @Test func aSilentWorkerIsEndedAndTriedOnceMore() async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/studio-hung-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let script = folder + "/sleeper"
    try Data("#!/bin/sh\nexec sleep 3600\n".utf8).write(to: URL(fileURLWithPath: script))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    var configuration = StudioConfiguration(data: folder + "/data", executable: script, version: "test")
    configuration.patience = 0.5
    let studio = try Studio(configuration)
    let media = Media(
      name: "a", frames: 1, width: 16, height: 16, rate: [25, 1], seconds: 1, audio: false, color: "", codec: "",
      interlaced: false, rotation: 0)
    let project = Project(
      id: Identifier.make(), name: "a", source: .init(path: "/nowhere", name: "a", isUpload: false), media: media,
      settings: ProjectSettings(), now: Date())
    try await studio.store.insert(project)
    let job = try await studio.jobs.submit(
      Job(id: Identifier.make(), project: project.id, kind: .ingest, now: Date()))
    var state = Job.State.queued
    for _ in 0..<200 where state != .failed {
      await studio.jobs.look()
      try await Task.sleep(for: .milliseconds(50))
      state = try await studio.store.job(job.id).state
    }
    let failed = try await studio.store.job(job.id)
    #expect(failed.state == .failed && failed.attempt == 2)
    #expect(failed.message.contains("twice"), "\(failed.message)")
  }
}
