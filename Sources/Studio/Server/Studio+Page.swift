import Foundation
import HTTPTypes
import Hummingbird

extension Studio {
  var pageEndpoints: [Endpoint] {
    [
      Endpoint(.get, "/") { request, _ in try self.resource("Page/index.html", request) },
      Endpoint(.get, "/favicon.ico") { request, _ in try self.resource("Page/favicon.ico", request) },
      Endpoint(.get, "/page/**") { request, context in
        let parts = context.parameters.getCatchAll().map(String.init)
        return try self.resource((["Page"] + parts).joined(separator: "/"), request)
      },
      Endpoint(.get, "/api/v1/openapi.yaml") { request, _ in try self.resource("API/openapi.yaml", request) },
    ]
  }

  /// A file of the bundle; only names that are there can be asked for.
  private func resource(_ name: String, _ request: Request) throws -> Response {
    guard let path = Self.resources[name], let data = FileManager.default.contents(atPath: path) else {
      throw StudioError.notFound("page")
    }
    let tag = "\"\(Self.version(of: path))\""
    let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
    guard request.headers[.ifNoneMatch] != tag else { return .empty(.notModified, headers) }
    return .bytes(Array(data), type: Self.type(of: name), headers: headers)
  }

  /// Everything that the bundle holds, listed once: what a client names is looked up, never put together into a path.
  static let resources: [String: String] = {
    guard let base = Bundle.module.resourceURL?.resolvingSymlinksInPath().path else { return [:] }
    var found: [String: String] = [:]
    for folder in ["Page", "API"] {
      let names = FileManager.default.enumerator(atPath: base + "/" + folder)
      while let name = names?.nextObject() as? String { found[folder + "/" + name] = base + "/\(folder)/" + name }
    }
    return found
  }()

  private static func type(of name: String) -> String {
    switch (name as NSString).pathExtension {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js", "mjs": "text/javascript; charset=utf-8"
    case "json": "application/json; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "ico": "image/x-icon"
    case "woff2": "font/woff2"
    case "yaml": "application/yaml; charset=utf-8"
    case "webmanifest": "application/manifest+json"
    default: "application/octet-stream"
    }
  }
}
