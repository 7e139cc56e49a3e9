import Foundation
import HTTPTypes
import Hummingbird
import Imaging
import ProjectStore
import ServiceLifecycle
import VideoIO

extension Studio {
  var projectEndpoints: [Endpoint] {
    let project = "/api/v1/projects/{id}"
    return [
      Endpoint(.get, "/api/v1/projects") { _, _ in
        .json(["projects": try await self.store.states().map(ProjectView.init)])
      },
      Endpoint(.post, "/api/v1/projects") { request, _ in try await self.createProject(request) },
      Endpoint(.get, project) { _, context in try await self.projectReply(context.id()) },
      Endpoint(.patch, project) { request, context in try await self.changeProject(request, context) },
      Endpoint(.delete, project) { _, context in try await self.deleteProject(context.id()) },
      Endpoint(.post, project + "/duplicate") { _, context in try await self.duplicateProject(context.id()) },
      Endpoint(.get, project + "/events") { _, context in try await self.listen(context.id()) },
      Endpoint(.get, project + "/forecast") { _, context in try await self.forecast(context.id()) },
      Endpoint(.get, project + "/report") { _, context in try await self.report(context.id()) },
    ]
  }

  func projectReply(_ id: String, status: HTTPResponse.Status = .ok) async throws -> Response {
    .json(ProjectView(try await store.state(id)), status: status)
  }

  // MARK: Beginning and ending

  private struct NewProject: Decodable {
    var name: String?
    var upload: String?
    var folder: String?
    var entry: String?
  }

  private func createProject(_ request: Request) async throws -> Response {
    let wanted = try await request.json(NewProject.self)
    try await requireRoom()
    let id = Identifier.make()
    let folder = data.project(id)
    try folder.make()
    do {
      let source = try await source(wanted, folder)
      do {
        let info = try await sessions.open(id, source)
        try await insert(id, source, info, wanted.name)
      } catch {
        if let upload = wanted.upload, source.isUpload { await uploads.giveBack(upload, from: source.path) }
        throw error
      }
      if let upload = wanted.upload { try await store.deleteUpload(upload) }
    } catch {
      try? FileManager.default.removeItem(atPath: folder.path)
      throw error
    }
    await disk.changed()
    _ = try await jobs.submit(Job(id: Identifier.make(), project: id, kind: .ingest, now: Date()))
    return try await projectReply(id, status: .created)
  }

  private func requireRoom() async throws {
    guard try await store.projectCount() < configuration.projects else {
      throw StudioError(
        .insufficientStorage, "too_many",
        "there are \(configuration.projects) projects, the most that are kept; delete one")
    }
  }

  private func source(_ wanted: NewProject, _ folder: ProjectFolder) async throws -> Project.Source {
    if let upload = wanted.upload {
      guard Identifier.isValid(upload) else { throw StudioError.notFound("upload") }
      let claimed = try await uploads.claim(upload, to: folder.source)
      return Project.Source(path: folder.source, name: claimed.name, isUpload: true)
    }
    guard let root = wanted.folder, let entry = wanted.entry else {
      throw StudioError.badRequest("name an upload, or a folder and an entry of it")
    }
    let path = try folders.path(root, entry)
    let name = CleanName.of(path)
    return Project.Source(path: path, name: name, isUpload: false)
  }

  private func insert(_ id: String, _ source: Project.Source, _ info: MediaInfo, _ name: String?) async throws {
    let settings = try await store.setting("settings", as: ProjectSettings.self) ?? ProjectSettings()
    var project = Project(
      id: id, name: CleanName.of(name ?? CleanName.stem(source.name)), source: source,
      media: Media(info, name: source.name), settings: settings, now: Date())
    project.bytes = DataFolder.bytes(in: data.project(id).path)
    try await store.insert(project)
    try await store.replaceObjects([MarkedObject(label: 1)], of: id)
  }

  private func deleteProject(_ id: String) async throws -> Response {
    _ = try await store.project(id)
    await jobs.cancelAll(of: id)
    await sessions.close(id)
    try await store.deleteProject(id)
    try? FileManager.default.removeItem(atPath: data.project(id).path)
    await disk.changed()
    return .empty(.noContent)
  }

  private func duplicateProject(_ id: String) async throws -> Response {
    let state = try await store.state(id)
    let original = state.project
    try await requireRoom()
    try await disk.require(DataFolder.bytes(in: data.project(id).path))
    var copy = original
    copy.id = Identifier.make()
    copy.name = CleanName.of(original.name + " 2")
    copy.created = Date()
    copy.updated = copy.created
    if original.source.isUpload { copy.source.path = data.project(copy.id).source }
    let stays: Set<WorkState.State> = [.running, .paused]
    if stays.contains(copy.track.state) { copy.track.state = .partial }
    if stays.contains(copy.clean.state) { copy.clean.state = .partial }
    try data.project(id).duplicate(to: data.project(copy.id))
    try await store.insert(copy)
    try await store.copyMarks(from: id, to: copy.id)
    await disk.changed()
    if state.jobs.contains(where: { $0.kind == .ingest && $0.state != .done }) {
      _ = try await jobs.submit(Job(id: Identifier.make(), project: copy.id, kind: .ingest, now: Date()))
    }
    return try await projectReply(copy.id, status: .created)
  }

  // MARK: Changing

  private struct ProjectChange: Decodable {
    var name: String?
    var objects: [MarkedObject]?
    var prompts: [Prompt]?
    var range: [Int]?
    var settings: ProjectSettings?
  }

  private func changeProject(_ request: Request, _ context: StudioContext) async throws -> Response {
    let id = try context.id()
    let project = try await store.project(id)
    let change = try await request.json(ProjectChange.self)
    let check = ProjectCheck(media: project.media)
    try change.objects.map { try check.objects($0) }
    try change.prompts.map { try check.prompts($0) }
    try change.range.map { try check.range($0) }
    try change.settings.map { try check.settings($0) }
    let included = try await store.state(id).objects.filter(\.included).map(\.id)
    let fillsChange =
      change.objects.map { $0.filter(\.included).map(\.id) != included } ?? false
      || change.settings.map { !$0.fills(like: project.settings) } ?? false
    if let objects = change.objects { try await store.replaceObjects(objects, of: id) }
    if let prompts = change.prompts { try await replacePrompts(prompts, of: id) }
    if let settings = change.settings, settings.still != project.settings.still {
      for prompt in try await store.state(id).prompts { marks.forget(prompt, of: id) }
    }
    let name = change.name.map { CleanName.of($0) }
    try await store.update(id, now: Date()) { project in
      if let name { project.name = name }
      if let range = change.range { project.range = range }
      if let settings = change.settings { project.settings = settings }
      if change.prompts != nil { project.markChanged() }
      if fillsChange, [.done, .partial].contains(project.clean.state) { project.clean.state = .stale }
    }
    if let settings = change.settings { try await store.setSetting("settings", to: settings) }
    await news.tell(id)
    return try await projectReply(id)
  }

  // MARK: Looking

  private func listen(_ id: String) async throws -> Response {
    _ = try await store.project(id)
    let stream = events.listen(to: id)
    let state = ProjectView(try await store.state(id))
    let hello = ByteBuffer(string: "retry: 2000\n\n" + EventHub.text("project", state))
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: ResponseBody { writer in
        try await writer.write(hello)
        // The server waits for its connections when it ends.
        for await event in stream.cancelOnGracefulShutdown() { try await writer.write(event) }
        try await writer.finish(nil)
      })
  }

  private struct Forecast: Encodable {
    var rows: [ForecastRow]
    var budget: Int
  }

  private func forecast(_ id: String) async throws -> Response {
    let project = try await store.project(id)
    let budget = min(configuration.memory, project.settings.memory ?? configuration.memory)
    let reply = try await sessions.ask(
      id, project.source, .forecast(memory: budget, masks: data.project(id).masks, range: project.range))
    return .json(Forecast(rows: reply.answer.forecast, budget: budget))
  }

  private func report(_ id: String) async throws -> Response {
    _ = try await store.project(id)
    return .json(WorkReport(data.project(id)))
  }
}

extension Media {
  init(_ info: MediaInfo, name: String) {
    self.init(
      name: name, frames: info.frameCount, width: info.displayedWidth, height: info.displayedHeight,
      rate: [info.frameRate.numerator, info.frameRate.denominator], seconds: info.duration,
      audio: info.streams.contains { $0.kind == .audio }, color: Self.color(of: info), codec: info.codec,
      interlaced: info.isInterlaced, rotation: info.orientation.quarterTurns * 90)
  }

  private static func color(of info: MediaInfo) -> String {
    let matrix =
      switch info.color.resolvedMatrix(width: info.width, height: info.height) {
      case .bt601: "BT.601"
      case .bt709: "BT.709"
      case .bt2020: "BT.2020"
      }
    let model = info.format.layout == .rgb ? "RGB" : info.format.layout == .grey ? "grey" : matrix
    return "\(model), \(info.color.resolvedRange(for: info.format.layout).rawValue), \(info.format.bitDepth) bit"
  }
}

extension MarkedObject {
  /// An object with the palette's colour.
  init(label: Int) {
    let color = Mask.paletteColor(UInt8(clamping: label))
    let digits = [color.red, color.green, color.blue].map { level in
      let text = String(level, radix: 16)
      return text.count == 1 ? "0" + text : text
    }
    self.init(id: label, name: "Object \(label)", color: "#" + digits.joined())
  }
}

extension Project {
  /// What was made of other marks is no longer what the marks mean.
  mutating func markChanged() {
    if [.done, .partial].contains(track.state) { track.state = .stale }
    if [.done, .partial].contains(clean.state) { clean.state = .stale }
  }
}
