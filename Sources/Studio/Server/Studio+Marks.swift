import Foundation
import Hummingbird
import ProjectStore

extension Studio {
  var markEndpoints: [Endpoint] {
    let project = "/api/v1/projects/{id}"
    return [
      Endpoint(.post, project + "/prepare") { request, context in try await self.prepare(request, context) },
      Endpoint(.post, project + "/select") { request, context in try await self.select(request, context) },
      Endpoint(.get, project + "/candidates") { request, context in try await self.candidates(request, context) },
      Endpoint(.post, project + "/propose") { request, context in try await self.propose(request, context) },
    ]
  }

  private struct FrameChoice: Decodable {
    var frame: Int
  }

  private func prepare(_ request: Request, _ context: StudioContext) async throws -> Response {
    let id = try context.id()
    let project = try await store.project(id)
    let frame = try await request.json(FrameChoice.self).frame
    try ProjectCheck(media: project.media).frame(frame)
    Task {
      do {
        _ = try await sessions.ask(id, project.source, .prepare(frame: frame))
        events.send("prepared", ["frame": frame], to: id)
      } catch {
        logger.warning("prepare failed", metadata: ["project": "\(id)", "error": "\(error)"])
      }
    }
    return .json(["frame": frame], status: .accepted)
  }

  private struct Selected: Encodable {
    var candidates: [SessionAnswer.Candidate]
    var chosen: Int
    /// A data URL of a grey PNG, 0 or 255, of the frame's size; nil where the prompt was removed.
    var mask: String?
    var milliseconds: Double
  }

  private func select(_ request: Request, _ context: StudioContext) async throws -> Response {
    let state = try await store.state(context.id())
    let prompt = try await request.json(Prompt.self)
    try ProjectCheck(media: state.project.media).prompt(prompt)
    if prompt.isEmpty {
      try await keep(prompt, in: state.project)
      marks.drop(prompt, of: state.project.id)
      return .json(Selected(candidates: [], chosen: 0, mask: nil, milliseconds: 0))
    }
    let isFirst = !state.prompts.contains { $0.frame == prompt.frame && $0.object == prompt.object }
    let reply = try await marks.answer(prompt, in: state.project, isFirst: isFirst)
    try await keep(prompt, in: state.project)
    return .json(
      Selected(
        candidates: reply.answer.candidates, chosen: reply.answer.chosen,
        mask: "data:image/png;base64," + Data(reply.payload).base64EncodedString(),
        milliseconds: reply.answer.milliseconds))
  }

  private struct Candidates: Encodable {
    var candidates: [SessionAnswer.Candidate]
    var chosen: Int
  }

  private func candidates(_ request: Request, _ context: StudioContext) async throws -> Response {
    let state = try await store.state(context.id())
    guard let frame = try request.query("frame", in: 0...max(0, state.project.media.frames - 1)),
      let object = try request.query("object", in: 1...255)
    else { throw StudioError.badRequest("frame and object say whose candidates are meant") }
    guard let prompt = state.prompts.first(where: { $0.frame == frame && $0.object == object }) else {
      throw StudioError.notFound("mark")
    }
    let answer = try await marks.candidates(for: prompt, in: state.project)
    return .json(Candidates(candidates: answer.candidates, chosen: answer.chosen))
  }

  /// Stores a prompt; its object is added where there was none of that label.
  private func keep(_ prompt: Prompt, in project: Project) async throws {
    try await store.set(
      prompt, of: project.id, adding: MarkedObject(label: prompt.object), now: Date()
    ) { $0.markChanged() }
  }

  /// Stores prompts as they are given, and lets the masks that they mean be made when they are needed.
  func replacePrompts(_ prompts: [Prompt], of id: String) async throws {
    let before = try await store.state(id).prompts
    try await store.replacePrompts(prompts, of: id)
    for prompt in before where !prompts.contains(prompt) {
      let stays = prompts.contains { $0.frame == prompt.frame && $0.object == prompt.object }
      if stays { marks.forget(prompt, of: id) } else { marks.drop(prompt, of: id) }
    }
  }

  private func propose(_ request: Request, _ context: StudioContext) async throws -> Response {
    let id = try context.id()
    let state = try await store.state(id)
    let frame = try await request.json(FrameChoice.self).frame
    try ProjectCheck(media: state.project.media).frame(frame)
    let marked = Set(state.prompts.map(\.object))
    var objects = state.objects.filter { marked.contains($0.id) }
    let room = min(255, state.project.settings.maximumObjects) - objects.count
    guard room > 0 else {
      throw StudioError(
        .unprocessableContent, "too_many",
        "there are \(objects.count) objects already, and maximumObjects is \(state.project.settings.maximumObjects)")
    }
    let free = (1...255).filter { label in !objects.contains { $0.id == label } }.prefix(room)
    let reply = try await sessions.ask(
      id, state.project.source,
      .propose(
        frame: frame, perSide: state.project.settings.pointsPerSide, labels: Array(free),
        folder: data.project(id).path))
    let found = zip(free, reply.answer.points)
    objects += found.map { MarkedObject(label: $0.0) }
    try await store.replaceObjects(objects, of: id)
    for (label, place) in found {
      let point = Prompt.Point(x: place[0], y: place[1], inside: true)
      try await keep(Prompt(frame: frame, object: label, points: [point]), in: state.project)
    }
    await news.tell(id)
    return try await projectReply(id)
  }
}
