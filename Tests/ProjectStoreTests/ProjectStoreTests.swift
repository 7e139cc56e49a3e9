import Foundation
import ProjectStore
import Testing

struct ProjectStoreTests {
  private func project(_ id: String = "a") -> Project {
    let media = Media(
      name: "clip.mp4", frames: 100, width: 640, height: 360, rate: [30000, 1001], seconds: 3.3, audio: true,
      color: "BT.709", codec: "h264", interlaced: false, rotation: 90)
    return Project(
      id: id, name: "clip", source: .init(path: "/x", name: "clip.mp4", isUpload: true), media: media,
      settings: ProjectSettings(), now: Date(timeIntervalSince1970: 1000))
  }

  @Test func whatIsStoredComesBack() async throws {
    let path = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString).sqlite"
    defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
    let store = try ProjectStore(path: path)
    try await store.insert(project())
    try await store.replaceObjects([MarkedObject(id: 7, name: "Car", color: "#123456", included: false)], of: "a")
    let prompt = Prompt(
      frame: 3, object: 7, points: [.init(x: 1, y: 2, inside: false)], box: [1, 2, 3, 4],
      strokes: [.init(inside: true, points: [[5, 6], [7, 8]])], candidate: 2)
    try await store.set(prompt, of: "a")
    try await store.update("a", now: Date()) { project in
      project.cuts = [10, 20]
      project.settings.dilate = 4
      project.track.add(0, 9)
      project.outputs.append(Output(id: "o", kind: "ffv1", name: "n", bytes: 5, file: "f"))
    }
    // A second look, as after a restart.
    let state = try await ProjectStore(path: path).state("a")
    #expect(state.objects == [MarkedObject(id: 7, name: "Car", color: "#123456", included: false)])
    #expect(state.prompts == [prompt])
    #expect(state.project.cuts == [10, 20] && state.project.settings.dilate == 4)
    #expect(state.project.track == WorkState(.none, frames: [[0, 9]]))
    #expect(state.project.media == project().media && state.project.outputs.count == 1)
  }

  @Test func promptsAreReplacedByFrameAndObjectAndGoWithTheirObject() async throws {
    let store = try ProjectStore()
    try await store.insert(project())
    try await store.replaceObjects(
      [MarkedObject(id: 1, name: "1", color: "#800000"), MarkedObject(id: 2, name: "2", color: "#008000")], of: "a")
    for object in [1, 2] {
      try await store.set(Prompt(frame: 5, object: object, points: [.init(x: 1, y: 1, inside: true)]), of: "a")
    }
    try await store.set(Prompt(frame: 5, object: 1, box: [0, 0, 9, 9]), of: "a")
    #expect(try await store.state("a").prompts.count == 2)
    try await store.set(Prompt(frame: 5, object: 1), of: "a")
    #expect(try await store.state("a").prompts.map(\.object) == [2])
    try await store.replaceObjects([MarkedObject(id: 1, name: "1", color: "#800000")], of: "a")
    #expect(try await store.state("a").prompts.isEmpty)
  }

  @Test func aDeletedProjectTakesItsMarksAndJobsAlong() async throws {
    let store = try ProjectStore()
    try await store.insert(project())
    try await store.insert(Job(id: "j", project: "a", kind: .track, now: Date()))
    try await store.deleteProject("a")
    await #expect(throws: ProjectStoreError.self) { try await store.job("j") }
    await #expect(throws: ProjectStoreError.self) { try await store.state("a") }
    await #expect(throws: ProjectStoreError.self) { try await store.deleteProject("a") }
  }

  @Test func jobsThatWereRunningWaitAgainAfterARestart() async throws {
    let store = try ProjectStore()
    try await store.insert(project())
    for (id, state) in [("r", Job.State.running), ("p", .paused), ("d", .done)] {
      var job = Job(id: id, project: "a", kind: .inpaint, range: [1, 2], form: .matte, now: Date())
      job.state = state
      try await store.insert(job)
    }
    #expect(try await store.requeueInterrupted().map(\.id) == ["r"])
    let queued = try await store.queuedJobs()
    #expect(queued.map(\.id) == ["r"] && queued[0].range == [1, 2] && queued[0].form == .matte)
  }

  @Test func aFileThatIsNoStoreIsRefused() throws {
    let path = FileManager.default.temporaryDirectory.path + "/no-store-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("this is no database, but long enough to be read as one".utf8).write(to: URL(fileURLWithPath: path))
    #expect(throws: ProjectStoreError.self) { try ProjectStore(path: path) }
  }

  @Test func settingsLeftOutHaveTheirDefaults() throws {
    let given = try JSONDecoder().decode(ProjectSettings.self, from: Data("{\"resize\": 0.5, \"dilate\": null}".utf8))
    var expected = ProjectSettings()
    expected.resize = 0.5
    #expect(given == expected)
  }
}
