import Foundation
import Imaging
import TestSupport
import Testing

/// Uploads in pieces, as tus 1.0.0 has it.
@Suite(.serialized)
struct UploadTests {
  /// Connections that break at random bytes: each time the client asks for the offset and goes on from there.
  @Test func twentyUploadsCutAtRandomBytesArriveIdentical() throws {
    let server = try StudioServer()
    var random = SplitMix64(seed: 5)
    for number in 0..<20 {
      let count = 20_000 + Int(random.next() % 400_000)
      // Begins as an MP4 does; the rest is noise.
      var bytes = Data([0, 0, 0, 24]) + Data("ftypisom".utf8)
      while bytes.count < count { withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) } }
      let upload = try server.begin(length: bytes.count, name: "clip \(number).mp4")
      var offset = 0
      while offset < bytes.count {
        let head = server.head(
          "PATCH", "/api/v1/uploads/\(upload)", server.pieceHeaders(offset), length: bytes.count - offset)
        let sent = Int(random.next() % UInt64(bytes.count - offset + 1))
        try breakOff(server, head + bytes[offset..<offset + sent])
        offset = try settled(server, upload)
        #expect(offset <= bytes.count)
        if sent == bytes.count - offset { continue }
      }
      let stored = FileManager.default.contents(atPath: server.data + "/uploads/" + upload)
      #expect(stored == bytes, "upload \(number)")
    }
  }

  /// Sends, and cuts the connection without waiting for an answer.
  private func breakOff(_ server: StudioServer, _ bytes: Data) throws {
    let socket = try Wire.connect(server.port)
    Wire.send(bytes, to: socket)
    close(socket)
  }

  /// The offset once the broken connection was noticed.
  private func settled(_ server: StudioServer, _ upload: String) throws -> Int {
    var last = -1
    while true {
      let reply = try server.request("HEAD", "/api/v1/uploads/\(upload)")
      guard let offset = reply.headers["upload-offset"].flatMap({ Int($0) }) else {
        throw Wire.Failure(sentence: "HEAD: \(reply.status)")
      }
      let probe = try server.piece(of: upload, at: offset, Data())
      if offset == last, probe.status == 204 { return offset }
      last = offset
      usleep(2000)
    }
  }

  @Test func anUploadOutlivesTheServer() throws {
    let server = try StudioServer()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: RenderedClip.smallPath.get()))
    let upload = try server.begin(length: bytes.count, name: "clip.mp4")
    #expect(try server.piece(of: upload, at: 0, bytes.prefix(1000)).status == 204)
    server.kill()
    try server.start()
    let pending = try server.get("/api/v1/uploads").json(Anything.self)["uploads"].list
    #expect(pending.first?["offset"].number == 1000)
    #expect(try server.piece(of: upload, at: 0, bytes).status == 409, "from another offset")
    #expect(try server.piece(of: upload, at: 1000, bytes.dropFirst(1000)).status == 204)
    #expect(try server.post("/api/v1/projects", "{\"upload\": \"\(upload)\"}").status == 201)
  }

  @Test func limitsAreToldInTheMessage() throws {
    let small = try StudioServer("--max-bytes", "10K")
    let large = try small.request(
      "POST", "/api/v1/uploads", headers: ["X-Cleanplate-CSRF": small.forgery, "Upload-Length": "20000"])
    #expect(large.status == 413 && large.code == "too_large" && large.text.contains("10.2 KB"))
    let upload = try small.begin(length: 2000, name: "a.mp4")
    #expect(try small.piece(of: upload, at: 0, Data(repeating: 7, count: 3000)).status == 413)

    let full = try StudioServer("--disk", "300K")
    let refused = try full.request(
      "POST", "/api/v1/uploads", headers: ["X-Cleanplate-CSRF": full.forgery, "Upload-Length": "900000"])
    #expect(refused.status == 507 && refused.code == "disk_full" && refused.text.contains("--disk"))
  }
}
