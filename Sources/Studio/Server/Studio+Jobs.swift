import Foundation
import Hummingbird
import ProjectStore

extension Studio {
  var jobEndpoints: [Endpoint] {
    [
      Endpoint(.post, "/api/v1/projects/{id}/jobs") { request, context in try await self.submit(request, context) },
      Endpoint(.get, "/api/v1/projects/{id}/outputs/{kind}") { request, context in
        try await self.download(request, context)
      },
      Endpoint(.get, "/api/v1/jobs/{id}") { _, context in
        .json(JobView(try await self.store.job(context.id(of: "job"))))
      },
      Endpoint(.post, "/api/v1/jobs/{id}/pause") { _, context in
        .json(JobView(try await self.jobs.pause(context.id(of: "job"))))
      },
      Endpoint(.post, "/api/v1/jobs/{id}/resume") { _, context in
        .json(JobView(try await self.jobs.resume(context.id(of: "job"))))
      },
      Endpoint(.post, "/api/v1/jobs/{id}/cancel") { _, context in
        .json(JobView(try await self.jobs.cancel(context.id(of: "job"))))
      },
    ]
  }

  private struct NewJob: Decodable {
    var kind: Job.Kind
    var range: [Int]?
    var direction: Job.Direction?
    var frame: Int?
    var form: Job.Form?
  }

  private func submit(_ request: Request, _ context: StudioContext) async throws -> Response {
    let id = try context.id()
    let state = try await store.state(id)
    let wanted = try await request.json(NewJob.self)
    let check = ProjectCheck(media: state.project.media)
    try wanted.range.map { try check.range($0) }
    try wanted.frame.map { try check.frame($0) }
    try ready(for: wanted, state)
    try await disk.require(Self.room)
    let job = Job(
      id: Identifier.make(), project: id, kind: wanted.kind, range: wanted.range, direction: wanted.direction,
      frame: wanted.frame, form: wanted.form, now: Date())
    return .json(JobView(try await jobs.submit(job)), status: .accepted)
  }

  /// Bytes below which no job is begun.
  private static let room = 64 << 20

  private func ready(for wanted: NewJob, _ state: ProjectState) throws(StudioError) {
    let willTrack = state.jobs.contains { $0.kind == .track && [.queued, .running].contains($0.state) }
    let isTracked = willTrack || FileManager.default.fileExists(atPath: data.project(state.project.id).masks)
    switch wanted.kind {
    case .ingest: throw .badRequest("kind is track, inpaint, preview or export")
    case .track:
      guard !state.prompts.isEmpty else {
        throw StudioError(.conflict, "nothing_marked", "nothing is marked; click on the object first")
      }
    case .inpaint, .preview:
      guard isTracked else { throw StudioError(.conflict, "not_tracked", "there are no masks yet; track first") }
      if wanted.kind == .preview, wanted.frame == nil { throw .badRequest("a preview needs a frame") }
    case .export:
      guard let form = wanted.form else {
        throw .badRequest("form is \(Job.Form.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      guard isTracked else { throw StudioError(.conflict, "not_tracked", "there are no masks yet; track first") }
      if [.film, .lossless, .pictureZip].contains(form), state.project.clean.frames.isEmpty {
        throw StudioError(.conflict, "not_filled", "nothing is filled yet; inpaint first")
      }
    }
  }

  private func download(_ request: Request, _ context: StudioContext) async throws -> Response {
    let project = try await store.project(context.id())
    guard let output = project.outputs.first(where: { $0.kind == context.parameters.get("kind") }) else {
      throw StudioError.notFound("output; export it first")
    }
    let path = data.project(project.id).outputs + "/" + output.file
    return try await FileReply(path: path, type: Self.type(ofOutput: output.file), attachment: output.name)
      .response(to: request, context)
  }

  static func type(ofOutput file: String) -> String {
    switch (file as NSString).pathExtension {
    case "mp4": "video/mp4"
    case "mov": "video/quicktime"
    case "mkv": "video/x-matroska"
    case "webm": "video/webm"
    case "zip": "application/zip"
    default: "application/octet-stream"
    }
  }
}
