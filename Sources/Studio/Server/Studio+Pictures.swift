import Foundation
import HTTPTypes
import Hummingbird
import ProjectStore

extension Studio {
  var pictureEndpoints: [Endpoint] {
    let project = "/api/v1/projects/{id}"
    let forms: [(String, PictureForm)] = [("jpg", .jpg), ("png", .png)]
    return forms.flatMap { suffix, form in
      [
        Endpoint(.get, project + "/frames/{n}.\(suffix)") { request, context in
          try await self.frame(request, context, form)
        },
        Endpoint(.get, project + "/clean/{n}.\(suffix)") { request, context in
          try await self.cleanFrame(request, context, form)
        },
      ]
    } + [
      Endpoint(.get, project + "/thumbnails/{n}.jpg") { request, context in
        try await self.thumbnail(request, context)
      },
      Endpoint(.get, project + "/masks/{n}.png") { request, context in try await self.mask(request, context) },
      Endpoint(.get, project + "/video/{name}.mp4") { request, context in try await self.film(request, context) },
    ]
  }

  private func frame(_ request: Request, _ context: StudioContext, _ form: PictureForm) async throws -> Response {
    let project = try await store.project(context.id())
    let number = try number(context, project)
    let width = form == .jpg ? try request.query("width", in: 16...8192) : nil
    let tag = "\"\(number)-\(width ?? 0)-\(form.rawValue)\""
    return try await picture(request, project, tag: tag, isForever: true, form) { sessions in
      try await sessions.ask(
        project.id, project.source, .picture(frame: number, width: width, form: form)
      ).payload
    }
  }

  private func thumbnail(_ request: Request, _ context: StudioContext) async throws -> Response {
    let project = try await store.project(context.id())
    let number = try number(context, project)
    let path = data.project(project.id).thumbnail(number)
    return try await picture(request, project, tag: "\"thumbnail-\(number)\"", isForever: true, .jpg) { sessions in
      if let made = FileManager.default.contents(atPath: path) { return Array(made) }
      return try await sessions.ask(
        project.id, project.source, .picture(frame: number, width: 160, form: .jpg)
      ).payload
    }
  }

  private func cleanFrame(
    _ request: Request, _ context: StudioContext, _ form: PictureForm
  ) async throws -> Response {
    let project = try await store.project(context.id())
    let number = try number(context, project)
    guard project.clean.frames.contains(where: { $0[0] <= number && number <= $0[1] }) else {
      throw StudioError.notFound("clean frame yet")
    }
    let width = form == .jpg ? try request.query("width", in: 16...8192) : nil
    let folder = data.project(project.id)
    let version = Self.version(of: folder.work + "/fill", folder.previewWork + "/fill")
    let tag = "\"clean-\(number)-\(width ?? 0)-\(form.rawValue)-\(version)\""
    return try await picture(request, project, tag: tag, isForever: false, form) { sessions in
      try await sessions.ask(
        project.id, project.source,
        .clean(frame: number, width: width, form: form, workFolders: [folder.work, folder.previewWork])
      ).payload
    }
  }

  private func mask(_ request: Request, _ context: StudioContext) async throws -> Response {
    let state = try await store.state(context.id())
    let project = state.project
    let number = try number(context, project)
    let paths = MaskShelf(data.project(project.id)).paths(number, state.prompts)
    guard let base = paths.first else { throw StudioError.notFound("mask yet") }
    let tag = "\"mask-\(number)-\(paths.map { Self.version(of: $0) }.joined(separator: "-"))\""
    return try await picture(request, project, tag: tag, isForever: false, .png) { sessions in
      if paths.count == 1, let whole = FileManager.default.contents(atPath: base) { return Array(whole) }
      return try await sessions.ask(project.id, project.source, .compose(masks: paths)).payload
    }
  }

  private func film(_ request: Request, _ context: StudioContext) async throws -> Response {
    let project = try await store.project(context.id())
    let folder = data.project(project.id)
    let path: String? =
      switch context.parameters.get("name") {
      case "source": folder.proxy
      case "preview": folder.preview
      case "clean": project.outputs.first { $0.kind == Job.Form.film.rawValue }.map { folder.outputs + "/" + $0.file }
      default: nil
      }
    guard let path, DataFolder.bytes(of: path) != nil else { throw StudioError.notFound("film yet") }
    return try await FileReply(path: path, type: Self.type(ofOutput: path)).response(to: request, context)
  }

  private func number(_ context: StudioContext, _ project: Project) throws(StudioError) -> Int {
    let number = try context.number("n")
    guard number < project.media.frames else { throw .notFound("frame") }
    return number
  }

  private func picture(
    _ request: Request, _ project: Project, tag: String, isForever: Bool, _ form: PictureForm,
    make: @Sendable @escaping (SessionPool) async throws -> [UInt8]
  ) async throws -> Response {
    let headers: HTTPFields = [
      .eTag: tag, .cacheControl: isForever ? "private, max-age=31536000, immutable" : "private, no-cache",
    ]
    guard request.headers[.ifNoneMatch] != tag else { return .empty(.notModified, headers) }
    let bytes = try await pictures.picture(project.id + tag) { [sessions] in try await make(sessions) }
    return .bytes(bytes, type: form == .jpg ? "image/jpeg" : "image/png", headers: headers)
  }

  /// Changes whenever one of the files does.
  static func version(of paths: String...) -> String {
    paths.map { path in
      var status = stat()
      guard stat(path, &status) == 0 else { return "0" }
      return "\(status.st_ino).\(status.st_size).\(status.modified)"
    }.joined(separator: "-")
  }
}

extension stat {
  /// Nanoseconds.
  var modified: Int {
    #if canImport(Glibc)
      Int(st_mtim.tv_sec) * 1_000_000_000 + Int(st_mtim.tv_nsec)
    #else
      Int(st_mtimespec.tv_sec) * 1_000_000_000 + Int(st_mtimespec.tv_nsec)
    #endif
  }
}
