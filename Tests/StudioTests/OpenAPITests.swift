import Foundation
import TestSupport
import Testing

@testable import Studio

/// `openapi.yaml` says what the server serves, no more and no less.
struct OpenAPITests {
  @Test func everyCallIsDocumentedAndEveryDocumentedCallIsServed() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/studio-openapi-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let studio = try Studio(StudioConfiguration(data: folder, executable: "/bin/false", version: "test"))
    let served = studio.endpoints.map { endpoint in
      "\(endpoint.method.rawValue) \(endpoint.path.replacingOccurrences(of: "**", with: "{path}"))"
    }
    #expect(Set(served).count == served.count, "each once")
    #expect(Set(served) == Set(try documented()))
  }

  /// Methods and paths, by the document's indentation.
  private func documented() throws -> [String] {
    let path = try #require(Studio.resources["API/openapi.yaml"])
    let text = String(decoding: try #require(FileManager.default.contents(atPath: path)), as: UTF8.self)
    var calls: [String] = []
    var current = ""
    for line in text.split(separator: "\n") {
      if line.hasPrefix("  /"), line.hasSuffix(":") { current = String(line.dropFirst(2).dropLast()) }
      guard line.hasPrefix("    "), !line.hasPrefix("     "), line.hasSuffix(":") else { continue }
      let method = line.dropFirst(4).dropLast()
      if ["get", "post", "patch", "delete", "head", "options", "put"].contains(method) {
        calls.append("\(method.uppercased()) \(current)")
      }
    }
    return calls
  }

  /// What clients are promised of projects and jobs is there.
  @Test func viewsHoldWhatTheDocumentRequires() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get())
    let view = try server.get("/api/v1/projects/\(project)").json([String: Anything].self)
    let promised = [
      "id", "name", "created", "updated", "bytes", "media", "cuts", "objects", "prompts", "range", "settings", "track",
      "clean", "outputs", "jobs",
    ]
    #expect(Set(promised).isSubset(of: Set(view.keys)))
    let job = try #require(view["jobs"]?.list.first)
    for key in ["id", "project", "kind", "state", "stage", "message"] { #expect(job[key].text != nil, "\(key)") }
  }
}
