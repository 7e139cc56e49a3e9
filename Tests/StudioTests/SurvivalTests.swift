import Foundation
import TestSupport
import Testing

/// Workers and the server are killed in the middle; the work goes on from what was finished.
@Suite(.serialized)
struct SurvivalTests {
  @Test func aKilledWorkerIsAFailedAttemptThatCanBeResumed() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.longPath.get())
    try server.select(project, frame: 30, of: RenderedClip.long)
    let job = try server.submit(project, "{\"kind\": \"track\"}")
    try waitForFrames(server, project, atLeast: 5)
    for worker in server.workers("job") { kill(worker, SIGKILL) }
    let failed = try server.wait(job, until: ["failed", "done"])
    #expect(failed["state"].text == "failed")
    #expect(failed["message"].text?.contains("signal 9") == true)
    #expect(try server.get("/healthz").status == 200)
    #expect(try server.post("/api/v1/jobs/\(job)/resume").status == 200)
    let done = try server.wait(job)
    #expect(done["state"].text == "done" && done["attempt"].number == 2, "\(done)")
  }

  @Test func aKilledSessionIsStartedAgain() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get())
    #expect(try server.select(project, frame: 6, of: RenderedClip.small).status == 200)
    for worker in server.workers("session") { kill(worker, SIGKILL) }
    #expect(try server.select(project, frame: 6, of: RenderedClip.small).status == 200)
    #expect(try server.get("/api/v1/projects/\(project)/frames/3.png").status == 200)
  }

  /// All who ask find out together that the process is gone; one new one serves them all.
  @Test func manyWhoAskAtOnceGetOneNewSession() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.longPath.get())
    let before = server.workers("session")
    let answers = Statuses()
    let asks = DispatchGroup()
    for frame in 0..<12 {
      asks.enter()
      Thread.detachNewThread {
        let reply = try? server.get("/api/v1/projects/\(project)/frames/\(frame).png")
        answers.add(reply?.status ?? 0)
        asks.leave()
      }
    }
    usleep(20_000)
    for worker in before { kill(worker, SIGKILL) }
    asks.wait()
    #expect(answers.all == [Int](repeating: 200, count: 12))
    #expect(server.workers("session").count == 1)
  }

  @Test func workGoesOnAfterTheServerWasKilled() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.longPath.get())
    try server.select(project, frame: 30, of: RenderedClip.long)
    let job = try server.submit(project, "{\"kind\": \"track\"}")
    try waitForFrames(server, project, atLeast: 5)
    let workers = server.workers("job") + server.workers("session")
    server.kill()
    for _ in 0..<40 where workers.contains(where: { kill($0, 0) == 0 }) { usleep(100_000) }
    #expect(!workers.contains { kill($0, 0) == 0 }, "workers live no longer than their server")
    try server.start()
    let done = try server.wait(job)
    #expect(done["state"].text == "done" && done["attempt"].number == 2, "\(done)")
    #expect(try server.state(project)["prompts"].list.count == 1)
    #expect(try server.get("/api/v1/projects/\(project)/masks/59.png").status == 200)
  }

  @Test func aPausedJobGoesOnAndACancelledOneDoesNot() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.longPath.get())
    try server.select(project, frame: 30, of: RenderedClip.long)
    let job = try server.submit(project, "{\"kind\": \"track\"}")
    try waitForFrames(server, project, atLeast: 3)
    let paused = try server.post("/api/v1/jobs/\(job)/pause")
    #expect(try paused.json(Anything.self)["state"].text == "paused")
    #expect(try server.state(project)["track"]["state"].text == "paused")
    #expect(try server.post("/api/v1/jobs/\(job)/pause").status == 409)
    #expect(try server.post("/api/v1/jobs/\(job)/resume").status == 200)
    #expect(try server.wait(job)["state"].text == "done")
    let inpaint = try server.submit(project, "{\"kind\": \"inpaint\"}")
    #expect(try server.post("/api/v1/jobs/\(inpaint)/cancel").status == 200)
    #expect(try server.wait(inpaint)["state"].text == "cancelled")
    #expect(try server.post("/api/v1/jobs/\(inpaint)/resume").status == 409)
  }

  private func waitForFrames(_ server: StudioServer, _ project: String, atLeast count: Int) throws {
    for _ in 0..<600 {
      let frames = try server.state(project)["track"]["frames"].list
      let tracked = frames.reduce(0.0) { $0 + ($1.list.last?.number ?? 0) - ($1.list.first?.number ?? 0) + 1 }
      if tracked >= Double(count) { return }
      usleep(50_000)
    }
    throw Wire.Failure(sentence: "no frames were tracked: \(server.said)")
  }
}

private final class Statuses: @unchecked Sendable {
  private let lock = NSLock()
  private var list: [Int] = []

  func add(_ status: Int) { lock.withLock { list.append(status) } }
  var all: [Int] { lock.withLock { list } }
}
