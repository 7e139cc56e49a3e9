import Foundation
import Imaging

/// What a person does, by the API.
extension StudioServer {
  public func upload(_ bytes: Data, name: String) throws -> String {
    let begun = try begin(length: bytes.count, name: name)
    let reply = try piece(of: begun, at: 0, bytes)
    guard reply.status == 204 else { throw Wire.Failure(sentence: "upload: \(reply.status) \(reply.text)") }
    return begun
  }

  /// The id of a new upload.
  public func begin(length: Int, name: String) throws -> String {
    let reply = try request(
      "POST", "/api/v1/uploads",
      headers: [
        "X-Cleanplate-CSRF": forgery, "Upload-Length": "\(length)", "Tus-Resumable": "1.0.0",
        "Upload-Metadata": "filename \(Data(name.utf8).base64EncodedString())",
      ])
    guard reply.status == 201, let place = reply.headers["location"] else {
      throw Wire.Failure(sentence: "begin: \(reply.status) \(reply.text)")
    }
    return String(place.split(separator: "/").last ?? "")
  }

  public func piece(of upload: String, at offset: Int, _ bytes: Data) throws -> Wire.Reply {
    try request("PATCH", "/api/v1/uploads/\(upload)", headers: pieceHeaders(offset), body: bytes)
  }

  public func pieceHeaders(_ offset: Int) -> [String: String] {
    [
      "X-Cleanplate-CSRF": forgery, "Upload-Offset": "\(offset)", "Tus-Resumable": "1.0.0",
      "Content-Type": "application/offset+octet-stream",
    ]
  }

  /// A project of a rendered clip; its id.
  public func project(of path: String, name: String = "clip.mp4") throws -> String {
    let upload = try upload(Data(contentsOf: URL(fileURLWithPath: path)), name: name)
    let reply = try post("/api/v1/projects", "{\"upload\": \"\(upload)\"}")
    guard reply.status == 201, let id = try reply.json(Anything.self)["id"].text else {
      throw Wire.Failure(sentence: "project: \(reply.status) \(reply.text)")
    }
    return id
  }

  public func state(_ project: String) throws -> Anything {
    try get("/api/v1/projects/\(project)").json(Anything.self)
  }

  /// Boxes the scene's object on a frame.
  @discardableResult
  public func select(_ project: String, frame: Int, of scene: SyntheticScene) throws -> Wire.Reply {
    guard let box = scene.frame(frame).objects.boundingBox else { throw Wire.Failure(sentence: "no object") }
    return try post(
      "/api/v1/projects/\(project)/select",
      """
      {"frame": \(frame), "object": 1, "points": [], "box": [\(box.x), \(box.y), \(box.width), \(box.height)],
       "strokes": [], "candidate": 0}
      """)
  }

  /// Asks for a job; its id.
  public func submit(_ project: String, _ json: String) throws -> String {
    let reply = try post("/api/v1/projects/\(project)/jobs", json)
    guard reply.status == 202, let id = try reply.json(Anything.self)["id"].text else {
      throw Wire.Failure(sentence: "job: \(reply.status) \(reply.text)")
    }
    return id
  }

  /// Waits until a job is in one of the states, and returns it.
  @discardableResult
  public func wait(_ job: String, until states: Set<String> = ["done", "failed", "cancelled"], seconds: Int = 120)
    throws
    -> Anything
  {
    for _ in 0..<seconds * 10 {
      let job = try get("/api/v1/jobs/\(job)").json(Anything.self)
      if let state = job["state"].text, states.contains(state) { return job }
      usleep(100_000)
    }
    throw Wire.Failure(sentence: "job \(job) did not come to \(states.sorted()) in \(seconds) seconds: \(said)")
  }
}
