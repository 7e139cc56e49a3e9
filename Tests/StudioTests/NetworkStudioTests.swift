import Foundation
import NetworkParity
import NeuralRuntime
import TestSupport
import Testing

/// A studio whose engines are networks, with weights from the formula: masks mean nothing, the machinery is what is tested.
@Suite(
  .serialized,
  .enabled(if: SharedClips.isAvailable, "no shared parity data"),
  .enabled(if: (try? NeuralRuntime()) != nil, "no ONNX Runtime on this machine: pip install onnxruntime"))
struct NetworkStudioTests {
  private let weights = FileManager.default.temporaryDirectory.path + "/studio-weights-\(UUID().uuidString)"

  private func file(_ network: String) throws -> String {
    try FileManager.default.createDirectory(atPath: weights, withIntermediateDirectories: true)
    let file = weights + "/" + network + ".safetensors"
    try ParityFolder(try #require(SharedClips.path("parity/" + network))).writeWeights(to: file)
    return file
  }

  private func kept(_ server: StudioServer, _ project: String) throws -> [String] {
    let folder = server.data + "/projects/\(project)/prepared"
    return try FileManager.default.contentsOfDirectory(atPath: folder).map { folder + "/" + $0 }
  }

  private func mask(_ server: StudioServer, _ project: String) throws -> String {
    let reply = try server.select(project, frame: 6, of: RenderedClip.small)
    guard reply.status == 200, let mask = try reply.json(Anything.self)["mask"].text else {
      throw Wire.Failure(sentence: "select: \(reply.status) \(reply.text)")
    }
    return mask
  }

  @Test func framesStayEncodedFromOneServerToTheNext() throws {
    defer { try? FileManager.default.removeItem(atPath: weights) }
    let server = try StudioServer("--segmenter", "light-hq-sam", "--weights", try file("light_hq_sam"))
    let project = try server.project(of: RenderedClip.smallPath.get())
    let first = try mask(server, project)
    let path = try #require(kept(server, project).first)
    let whole = try #require(FileManager.default.contents(atPath: path))
    #expect(server.stop() == 0)

    // Nothing is written again: the frame was not encoded again.
    try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
    try server.start()
    let node = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    #expect(try mask(server, project) == first)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == node)
    #expect(server.stop() == 0)

    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
    try server.start()
    #expect(try mask(server, project) == first, "a file that breaks off is made anew")
    #expect(FileManager.default.contents(atPath: path) == whole)
    let headers = ["X-Cleanplate-CSRF": server.forgery]
    #expect(try server.request("DELETE", "/api/v1/projects/\(project)", headers: headers).status == 204)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test(.enabled(if: !TestScale.isQuick, "takes long")) func jobsUseTheServersNetworks() throws {
    defer { try? FileManager.default.removeItem(atPath: weights) }
    let files = try ["light_hq_sam", "siammask", "vinet"].map(file)
    let server = try StudioServer(
      arguments: ["--segmenter", "light-hq-sam", "--tracker", "siammask", "--inpainter", "vinet-256", "--memory", "3G"]
        + files.flatMap { ["--weights", $0] })
    let engines = try server.get("/api/v1/server").json(Anything.self)["engines"]
    #expect(engines["tracker"].text == "siammask" && engines["inpainter"].text == "vinet-256")
    let project = try server.project(of: RenderedClip.smallPath.get())
    _ = try mask(server, project)
    for kind in ["track", "inpaint"] {
      let done = try server.wait(server.submit(project, "{\"kind\": \"\(kind)\"}"), seconds: 1200)
      #expect(done["state"].text == "done", "\(done)")
    }
    let report = try server.get("/api/v1/projects/\(project)/report").json(Anything.self)
    #expect(report["frames"].list.count == 12)
  }

  @Test func weightsThatAreMissingAreSaidBeforeItServes() throws {
    let failure = #expect(throws: Wire.Failure.self) { try StudioServer("--tracker", "xmem") }
    #expect(failure?.sentence.contains("xmem needs its weights") == true, "\(failure?.sentence ?? "")")
  }
}
