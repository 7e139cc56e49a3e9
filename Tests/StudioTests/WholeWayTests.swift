import Foundation
import TestSupport
import Testing
import VideoIO

/// Upload, select, track, fill, download: through the API as the page goes.
@Suite(.serialized)
struct WholeWayTests {
  @Test func anObjectLeavesAClip() throws {
    let server = try StudioServer()
    let scene = RenderedClip.small
    let project = try server.project(of: RenderedClip.smallPath.get(), name: "street.mp4")
    let path = "/api/v1/projects/\(project)"
    #expect(try server.state(project)["media"]["frames"].number == 12)
    #expect(try server.get(path + "/clean/5.jpg").status == 404)

    let selected = try server.select(project, frame: 6, of: scene)
    #expect(selected.status == 200)
    #expect(try selected.json(Anything.self)["mask"].text?.hasPrefix("data:image/png;base64,") == true)
    #expect(try server.get(path + "/masks/6.png").status == 200, "a mark shows before it is tracked")
    #expect(try server.get(path + "/masks/7.png").status == 404)

    #expect(try server.wait(server.submit(project, "{\"kind\": \"track\"}"))["state"].text == "done")
    #expect(try server.get(path + "/masks/0.png").status == 200)
    let correction = "{\"frame\": 9, \"object\": 1, \"points\": [{\"x\": 2, \"y\": 2, \"inside\": false}]}"
    #expect(try server.post(path + "/select", correction).status == 200, "takes away from what was tracked")
    #expect(try server.state(project)["track"]["state"].text == "stale")
    #expect(try server.wait(server.submit(project, "{\"kind\": \"track\"}"))["state"].text == "done")
    let inpaint = try server.submit(project, "{\"kind\": \"inpaint\"}")
    let done = try server.wait(inpaint)
    #expect(done["state"].text == "done", "\(done)")
    try downloads(server, project, frames: 12)

    let state = try server.state(project)
    #expect(state["track"]["state"].text == "done" && state["clean"]["state"].text == "done")
    let report = try server.get(path + "/report").json(Anything.self)
    #expect(report["frames"].list.count == 12)
    #expect(report["frames"].list[6]["confidence"]["1"].number == 1)
    #expect(try server.get(path + "/clean/6.png").body != server.get(path + "/frames/6.png").body)
    #expect(server.stop() == 0, "ends well when told to: \(server.said)")
  }

  private func downloads(_ server: StudioServer, _ project: String, frames: Int) throws {
    let names = [
      "inpainting_h264": "street_inpainting_h264.mp4", "seg_video": "street_seg1.mp4",
      "mask_zip": "street_pred_mask.zip", "prores_matte": "street_matte.mov", "ffv1": "street_inpainting_ffv1.mkv",
      "png_zip": "street_inpainting_png.zip",
    ]
    for (form, name) in names.sorted(by: { $0.key < $1.key }) {
      if form != "inpainting_h264" {
        let job = try server.wait(server.submit(project, "{\"kind\": \"export\", \"form\": \"\(form)\"}"))
        #expect(job["state"].text == "done", "\(form): \(job)")
      }
      let reply = try server.get("/api/v1/projects/\(project)/outputs/\(form)")
      #expect(reply.status == 200)
      #expect(reply.headers["content-disposition"]?.hasPrefix("attachment; filename=\"\(name)\"") == true)
      #expect(reply.headers["x-content-type-options"] == "nosniff")
      let file = server.data + "/download-" + name
      try reply.body.write(to: URL(fileURLWithPath: file))
      if name.hasSuffix("mask.zip") {
        let masks = try MaskSource.open(file, width: 160, height: 96, frameCount: frames)
        #expect(try !masks.mask(at: 6).isEmpty)
      } else if !name.hasSuffix(".zip") {
        #expect(try MediaSource.open(file).info.frameCount == frames)
      }
    }
  }

  @Test func theFilmIsEncodedAsTheProjectSays() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get(), name: "street.mp4")
    let path = "/api/v1/projects/\(project)"
    try server.select(project, frame: 6, of: RenderedClip.small)
    #expect(try server.wait(server.submit(project, "{\"kind\": \"track\"}"))["state"].text == "done")
    for (codec, name) in [("ffv1", "street_inpainting_ffv1.mkv"), ("h265", "street_inpainting_h265.mp4")] {
      let changed = try server.request(
        "PATCH", path, headers: ["X-Cleanplate-CSRF": server.forgery],
        body: Data("{\"settings\": {\"codec\": \"\(codec)\"}}".utf8))
      #expect(changed.status == 200)
      let job = try server.wait(server.submit(project, "{\"kind\": \"inpaint\"}"))
      #expect(job["state"].text == "done", "\(job)")
      let reply = try server.get(path + "/outputs/inpainting_h264")
      #expect(reply.headers["content-disposition"]?.hasPrefix("attachment; filename=\"\(name)\"") == true)
      let file = server.data + "/download-" + name
      try reply.body.write(to: URL(fileURLWithPath: file))
      #expect(try MediaSource.open(file).info.codec == (codec == "h265" ? "hevc" : codec))
    }
    let kept = try FileManager.default.contentsOfDirectory(atPath: server.data + "/projects/\(project)/outputs")
    #expect(kept == ["inpainting_h265.mp4"], "the earlier film is gone")
  }

  @Test func otherReadingsFollowTheFirstAnswer() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get())
    let path = "/api/v1/projects/\(project)"
    let scene = RenderedClip.small
    let box = try #require(scene.frame(6).objects.boundingBox)
    func select(_ candidate: Int) throws -> Anything {
      try server.post(
        path + "/select",
        """
        {"frame": 6, "object": 3, "candidate": \(candidate),
         "points": [{"x": \(box.x + box.width / 2), "y": \(box.y + box.height / 3), "inside": true}]}
        """
      ).json(Anything.self)
    }
    let first = try select(0)
    #expect(first["candidates"].list.count == 1 && first["mask"].text != nil)
    let all = try server.get(path + "/candidates?frame=6&object=3").json(Anything.self)
    let readings = all["candidates"].list
    try #require(readings.count > 1 && all["chosen"].number == 0)
    #expect(readings[0]["pixels"].number == first["candidates"].list[0]["pixels"].number)
    let second = try select(1)
    #expect(second["chosen"].number == 1)
    #expect(second["candidates"].list.last?["pixels"].number == readings[1]["pixels"].number)
    #expect(second["mask"].text != first["mask"].text)
    #expect(try server.get(path + "/candidates?frame=6&object=3").json(Anything.self)["chosen"].number == 1)
    #expect(try server.get(path + "/candidates?frame=5&object=3").status == 404)
    #expect(try server.get(path + "/candidates?frame=6").status == 400)
    #expect(try server.get(path + "/candidates?frame=99&object=3").status == 400)
  }

  @Test func filmsComeInRangesAndEventsBeginWithTheProject() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get())
    let jobs = try server.state(project)["jobs"].list
    try server.wait(#require(jobs.first?["id"].text))
    let film = "/api/v1/projects/\(project)/video/source.mp4"
    let whole = try server.get(film)
    let part = try server.get(film, ["Range": "bytes=10-19"])
    #expect(part.status == 206 && part.body == whole.body[10..<20])
    #expect(part.headers["content-range"] == "bytes 10-19/\(whole.body.count)")
    #expect(try server.get(film, ["Range": "bytes=-5"]).body == whole.body.suffix(5))
    #expect(try server.get(film, ["Range": "bytes=\(whole.body.count)-"]).status == 416)
    #expect(try server.get(film, ["If-None-Match": #require(whole.headers["etag"])]).status == 304)

    let socket = try Wire.connect(server.port, seconds: 5)
    defer { close(socket) }
    Wire.send(server.head("GET", "/api/v1/projects/\(project)/events", [:], length: 0), to: socket)
    var heard = Data()
    var buffer = [UInt8](repeating: 0, count: 65536)
    while heard.range(of: Data("event: project\ndata: {".utf8)) == nil {
      let count = recv(socket, &buffer, buffer.count, 0)
      try #require(count > 0, "no event came")
      heard.append(contentsOf: buffer.prefix(count))
    }
    #expect(server.stop() == 0, "a listener does not keep it from ending: \(server.said)")
  }

  @Test func aProjectIsRenamedCopiedAndDeleted() throws {
    let server = try StudioServer()
    let project = try server.project(of: RenderedClip.smallPath.get())
    try server.select(project, frame: 6, of: RenderedClip.small)
    let headers = ["X-Cleanplate-CSRF": server.forgery]
    let renamed = try server.request(
      "PATCH", "/api/v1/projects/\(project)", headers: headers,
      body: Data("{\"name\": \"../my <clip>\", \"range\": [2, 9], \"settings\": {\"feather\": 3}}".utf8))
    let view = try renamed.json(Anything.self)
    #expect(view["name"].text == "my clip")
    #expect(view["settings"]["feather"].number == 3)
    let copy = try server.post("/api/v1/projects/\(project)/duplicate")
    #expect(copy.status == 201)
    let copied = try copy.json(Anything.self)
    #expect(copied["prompts"].list.count == 1 && copied["range"].list.map(\.number) == [2, 9])
    #expect(try server.request("DELETE", "/api/v1/projects/\(project)", headers: headers).status == 204)
    #expect(try server.get("/api/v1/projects/\(project)").status == 404)
    let id = try #require(copied["id"].text)
    #expect(try server.get("/api/v1/projects/\(id)/frames/0.jpg").status == 200)
  }
}
