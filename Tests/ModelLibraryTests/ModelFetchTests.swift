import Foundation
import ModelLibrary
import TestSupport
import Testing
import VideoIO

/// Downloads from a server that gives parts: the studio, which serves a clip as a model's file.
struct ModelFetchTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/fetch-\(UUID().uuidString)"

  private func kind(_ address: String?, sha256: String? = nil) -> ModelKind {
    ModelKind(
      name: "own", title: "Own", role: .segmenter, engine: "own", licence: nil, page: "https://example.org",
      address: address, sha256: sha256, recognises: { _ in false }, verify: { _ in })
  }

  private func write(_ bytes: Data) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try bytes.write(to: URL(fileURLWithPath: folder + "/source.mp4.partial"))
  }

  @Test func aBrokenDownloadGoesOn() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let clip = folder + ".mp4"
    defer { try? FileManager.default.removeItem(atPath: clip) }
    try SyntheticScene(width: 160, height: 96, frameCount: 4, seed: 2).write(to: clip)
    let server = try StudioServer()
    let project = try server.project(of: clip)
    try server.wait(#require(server.state(project)["jobs"].list.first?["id"].text))
    let film = "/api/v1/projects/\(project)/video/source.mp4"
    let address = "http://127.0.0.1:\(server.port)" + film
    let whole = try server.get(film).body
    try whole.write(to: URL(fileURLWithPath: clip))
    let hash = try ContentHash.sha256(file: clip)
    func fetched(sha256: String? = nil) throws -> Data {
      try Data(contentsOf: URL(fileURLWithPath: ModelFetch.fetch(kind(address, sha256: sha256), into: folder)))
    }
    #expect(try fetched(sha256: hash) == whole)
    for part in [whole.prefix(whole.count / 3), whole] {
      try write(part)
      #expect(try fetched(sha256: hash) == whole, "goes on after \(part.count) bytes")
      #expect(!FileManager.default.fileExists(atPath: folder + "/source.mp4.partial"))
    }
    // What lies there is of another file.
    try write(Data(repeating: 7, count: whole.count / 3))
    let failure = #expect(throws: ModelError.self) { try fetched(sha256: hash) }
    #expect(failure?.description.contains("its hash differs") == true)
    #expect(!FileManager.default.fileExists(atPath: folder + "/source.mp4.partial"))
    #expect(try fetched(sha256: hash) == whole, "and begins anew")
  }

  @Test func whatCannotBeFetchedIsSaid() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let nowhere = #expect(throws: ModelError.self) { try ModelFetch.fetch(kind(nil), into: folder) }
    #expect(nowhere?.description.contains("get it from https://example.org") == true)
    let server = try StudioServer()
    let missing = #expect(throws: ModelError.self) {
      try ModelFetch.fetch(kind("http://127.0.0.1:\(server.port)/nothing/here.pth"), into: folder)
    }
    #expect(missing?.description.contains("the server answers 404") == true)
  }
}
