import Foundation
import Hummingbird
import ObjectRemoval

extension Studio {
  var sessionEndpoints: [Endpoint] {
    [
      Endpoint(.get, "/api/v1/session") { request, _ in self.session(request) },
      Endpoint(.post, "/api/v1/session") { request, _ in try await self.login(request) },
      Endpoint(.get, "/api/v1/server") { _, _ in try await self.server() },
      Endpoint(.get, "/api/v1/folders/{id}") { request, context in try self.folder(request, context) },
      Endpoint(.get, "/healthz") { _, _ in try await self.health() },
      Endpoint(.get, "/metrics") { _, _ in await self.measured() },
    ]
  }

  private struct SessionView: Encodable {
    var csrf: String
    var tokenRequired: Bool
  }

  private func session(_ request: Request) -> Response {
    .json(SessionView(csrf: keys.forgery, tokenRequired: !keys.isKnown(request)))
  }

  private struct Login: Decodable {
    var token: String
  }

  private func login(_ request: Request) async throws -> Response {
    guard try await keys.isRight(token: request.json(Login.self).token) else {
      // Slows down who tries them all; a person mistypes seldom.
      try await Task.sleep(for: .milliseconds(500))
      throw StudioError(
        .unauthorized, "token", "that is not the token; it was printed where the server was started")
    }
    var response = Response.json(SessionView(csrf: keys.forgery, tokenRequired: false))
    response.headers[.setCookie] = keys.sessionCookie
    return response
  }

  private struct ServerView: Encodable {
    struct Limits: Encodable {
      var bytes: Int
      var pixels: Int
      var frames: Int
      var seconds: Double
      var projects: Int
    }

    struct Disk: Encodable {
      var budget: Int
      var used: Int
      var free: Int
    }

    struct Folder: Encodable {
      var id: String
      var name: String
    }

    struct Engines: Encodable {
      var segmenter: String
      var tracker: String
      var inpainter: String
    }

    var version: String
    var cores: Int
    var memoryBytes: Int
    var memoryBudget: Int
    var limits: Limits
    var disk: Disk
    var folders: [Folder]
    var engines: Engines
  }

  private func server() async throws -> Response {
    let limits = configuration.limits
    return .json(
      ServerView(
        version: configuration.version, cores: RemovalSettings.availableThreads,
        memoryBytes: Int(clamping: ProcessInfo.processInfo.physicalMemory), memoryBudget: configuration.memory,
        limits: .init(
          bytes: limits.bytes, pixels: limits.pixels, frames: limits.frames, seconds: limits.duration,
          projects: configuration.projects),
        disk: .init(budget: configuration.disk, used: await disk.used(), free: data.free),
        folders: folders.roots.map { .init(id: $0.id, name: $0.name) }, engines: engines))
  }

  /// A file of one's own by its name alone: paths never leave.
  private var engines: ServerView.Engines {
    func shown(_ engine: String) -> String { URL(fileURLWithPath: engine).lastPathComponent }
    let engines = configuration.engines
    return .init(
      segmenter: shown(engines.segmenter), tracker: shown(engines.tracker), inpainter: shown(engines.inpainter))
  }

  private func folder(_ request: Request, _ context: StudioContext) throws -> Response {
    let id = try context.id(of: "folder")
    return .json(["entries": try folders.entries(of: id, below: request.query("entry"))])
  }

  private func health() async throws -> Response {
    _ = try await store.projectCount()
    return .json(["status": "ok"])
  }

  private func measured() async -> Response {
    metrics.set("disk_used_bytes", Double(await disk.used()))
    metrics.set("disk_free_bytes", Double(data.free))
    metrics.set("projects", Double((try? await store.projectCount()) ?? 0))
    return .bytes(Array(metrics.text.utf8), type: "text/plain; version=0.0.4; charset=utf-8")
  }
}
