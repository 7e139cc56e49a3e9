import Foundation
import TestSupport
import Testing

/// What an attacker sends: none gets through, and each has its answer.
@Suite(.serialized)
struct AttackTests {
  @Test func pathsNeverLeadOut() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/studio-shelf-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(atPath: folder + "/out", withDestinationPath: "/etc")
    let server = try StudioServer("--folder", folder)
    let project = try server.project(of: RenderedClip.smallPath.get())
    let root = try #require(
      server.get("/api/v1/server").json(Anything.self)["folders"].list.first?["id"].text)
    let ways = [
      "..", "../../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/etc/passwd",
      "%2fetc%2fpasswd", "..%5c..%5cetc", "%00", "a%00.jpg", "....//....//etc/passwd", "studio.sqlite", "-1", "1e9",
      "99999999999999999999", "%F0%9F%98%80",
    ]
    let places = [
      "/page/#", "/api/v1/#", "/api/v1/projects/#", "/api/v1/projects/\(project)/frames/#.jpg",
      "/api/v1/projects/\(project)/frames/#.png", "/api/v1/projects/\(project)/masks/#.png",
      "/api/v1/projects/\(project)/clean/#.jpg", "/api/v1/projects/\(project)/thumbnails/#.jpg",
      "/api/v1/projects/\(project)/video/#.mp4", "/api/v1/projects/\(project)/outputs/#", "/api/v1/jobs/#",
      "/api/v1/projects/\(project)/candidates?frame=#&object=1", "/api/v1/projects/\(project)/candidates?frame=0&object=#",
      "/api/v1/uploads/#", "/api/v1/folders/#", "/api/v1/folders/\(root)?entry=#",
    ]
    for place in places {
      for way in ways {
        let path = place.replacingOccurrences(of: "#", with: way)
        let reply = try server.get(path)
        #expect([400, 404].contains(reply.status), "\(path): \(reply.status)")
        #expect(!reply.text.contains("root:"), "\(path)")
      }
    }
    let listed = try server.get("/api/v1/folders/\(root)").json(Anything.self)["entries"].list
    #expect(listed.isEmpty, "a link that leads out is not shown")
    for body in [
      "{\"upload\": \"../projects/\(project)/source\"}", "{\"upload\": \"/etc/passwd\"}",
      "{\"folder\": \"\(root)\", \"entry\": \"/etc/passwd\"}", "{\"folder\": \"\(root)\", \"entry\": \"out\"}",
      "{\"folder\": \"/etc\", \"entry\": \"passwd\"}",
    ] {
      #expect(try server.post("/api/v1/projects", body).status == 404, "\(body)")
    }
  }

  @Test(arguments: ["../../../../tmp/evil.mp4", "/etc/cron.d/evil", "a\r\nSet-Cookie: b=c.mp4", "x\0y.mp4", "..", ""])
  func fileNamesAreOnlyNames(_ name: String) throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get(), name: name)
    let shown = try #require(server.state(project)["media"]["name"].text)
    #expect(!shown.contains("/") && !shown.contains("\r") && !shown.contains("\0") && !shown.isEmpty && shown != "..")
    let lying = FileManager.default.enumerator(atPath: server.data)?.compactMap { $0 as? String } ?? []
    #expect(!lying.contains { $0.contains("evil") })
  }

  @Test func otherSitesChangeNothing() throws {
    let server = try StudioServer()
    let right = ["X-Cleanplate-CSRF": server.forgery]
    let body = Data("{\"upload\": \"AAAAAAAAAAAAAAAAAAAAAA\"}".utf8)
    func status(_ headers: [String: String]) throws -> Int {
      try server.request("POST", "/api/v1/projects", headers: headers, body: body).status
    }
    #expect(try status(right) == 404, "only the upload is missing")
    #expect(try status([:]) == 403, "without the forgery value")
    #expect(try status(["X-Cleanplate-CSRF": "wrong"]) == 403)
    #expect(try status(right.merging(["Origin": "http://evil.example"]) { $1 }) == 403)
    #expect(try status(right.merging(["Origin": "null"]) { $1 }) == 403)
    #expect(try status(right.merging(["Sec-Fetch-Site": "cross-site"]) { $1 }) == 403)
    #expect(try status(right.merging(["Sec-Fetch-Site": "same-site"]) { $1 }) == 403)
    #expect(try status(right.merging(["Origin": "http://127.0.0.1:\(server.port)"]) { $1 }) == 404)
    #expect(try server.get("/api/v1/projects", ["Sec-Fetch-Site": "cross-site"]).status == 403)
    let preflight = try server.request("OPTIONS", "/api/v1/projects", headers: ["Origin": "http://evil.example"])
    #expect(preflight.headers["access-control-allow-origin"] == nil)
  }

  @Test(arguments: [
    "evil.example", "evil.example:7860", "127.0.0.1.evil.example", "169.254.169.254", "", "a b", "[::1",
  ])
  func otherHostNamesAreNotServed(_ host: String) throws {
    let server = try StudioServer()
    for path in ["/", "/api/v1/session", "/api/v1/projects", "/healthz", "/page/index.html"] {
      let status = try server.get(path, ["Host": host]).status
      #expect([400, 421].contains(status), "\(host) \(path): \(status)")
    }
    #expect(try server.get("/api/v1/session", ["Host": "localhost:\(server.port)"]).status == 200)
  }

  @Test func anotherAddressNeedsTheToken() throws {
    let server = try StudioServer("--host", "0.0.0.0")
    let line = try #require(server.said.split(separator: "\n").first { $0.hasPrefix("Token: ") })
    let token = String(line.dropFirst("Token: ".count))
    #expect(try server.get("/api/v1/session").json(Anything.self)["tokenRequired"].isTrue)
    for path in ["/api/v1/projects", "/api/v1/server", "/metrics", "/api/v1/openapi.yaml"] {
      #expect(try server.get(path).status == 401, "\(path)")
      #expect(try server.get(path, ["Authorization": "Bearer \(token)"]).status == 200, "\(path)")
      #expect(try server.get(path, ["Authorization": "Bearer \(token.dropLast())"]).status == 401)
      #expect(try server.get(path, ["Cookie": "cleanplate=\(token)"]).status == 401)
    }
    #expect(try server.get("/").status == 200, "the page asks for it")
    #expect(try server.get("/healthz").status == 200)
    #expect(try server.post("/api/v1/session", "{\"token\": \"AAAAAAAAAAAAAAAAAAAAAA\"}").status == 401)
    let login = try server.post("/api/v1/session", "{\"token\": \"\(token)\"}")
    let cookie = try #require(login.headers["set-cookie"])
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
    let value = String(try #require(cookie.split(separator: ";").first))
    #expect(try server.get("/api/v1/projects", ["Cookie": value]).status == 200)
  }

  @Test func bodiesThatAreTooLargeOrTooSlowAreRefused() throws {
    let server = try StudioServer()
    let large = Data("{\"upload\": \"".utf8) + Data(repeating: 65, count: 2 << 20) + Data("\"}".utf8)
    let headers = ["X-Cleanplate-CSRF": server.forgery]
    #expect(try server.request("POST", "/api/v1/projects", headers: headers, body: large).status == 413)
    let slow = server.head("POST", "/api/v1/projects", headers, length: 100) + Data("{".utf8)
    let reply = try Wire.exchange(server.port, slow, seconds: 30)
    #expect(reply.status == 408 && reply.code == "slow_body")
    let wide = server.head("GET", "/api/v1/server", ["X-Large": String(repeating: "x", count: 200_000)], length: 0)
    let status = (try? Wire.exchange(server.port, wide).status) ?? 0
    #expect(status == 0 || status >= 400)
    #expect(try server.get("/healthz").status == 200)
  }

  @Test(arguments: [
    "<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"file:///etc/passwd\"/></svg>",
    "\n  <!DOCTYPE html><script>alert(1)</script>", "\u{FEFF}<html>", "#EXTM3U\nfile:///etc/passwd\n",
    "ffconcat version 1.0\nfile /etc/passwd\n", "#!/bin/sh\nrm -rf /\n", "%PDF-1.7 junk", "PK\u{3}\u{4}aaaaaaaaaaaa",
  ])
  func whatOnlyPosesAsVideoIsRefusedAsItArrives(_ text: String) throws {
    let server = try StudioServer()
    let bytes = Data(text.utf8)
    let upload = try server.begin(length: bytes.count, name: "holiday.mp4")
    let reply = try server.piece(of: upload, at: 0, bytes)
    #expect(reply.status == 415 && reply.code == "not_media")
    #expect(try server.post("/api/v1/projects", "{\"upload\": \"\(upload)\"}").status == 404, "nothing is kept")
  }

  @Test func whatNoDecoderKnowsIsNoProject() throws {
    let server = try StudioServer()
    var random = Data([0, 0, 0, 24]) + Data("ftypisom".utf8)
    random.append(contentsOf: (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    let upload = try server.upload(random, name: "noise.mp4")
    let reply = try server.post("/api/v1/projects", "{\"upload\": \"\(upload)\"}")
    #expect(reply.status == 400 && reply.code == "not_media")
    #expect(!reply.text.contains(server.data), "paths stay inside")
    #expect(try server.get("/api/v1/projects").json(Anything.self)["projects"].list.isEmpty)
  }

  @Test func answersCarryTheirPolicies() throws {
    let server = try StudioServer()
    let page = try server.get("/")
    let policy = try #require(page.headers["content-security-policy"])
    #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
    #expect(!policy.contains("unsafe"))
    #expect(page.headers["x-frame-options"] == "DENY")
    #expect(try server.get("/api/v1/nothing").headers["x-content-type-options"] == "nosniff")
  }
}
