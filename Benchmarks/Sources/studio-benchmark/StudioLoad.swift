import Foundation
import Imaging
import TestSupport

/// Seconds that answers of one kind took.
struct Times {
  var seconds: [Double] = []

  func row(_ name: String) -> String {
    let sorted = seconds.sorted()
    func at(_ share: Double) -> String {
      guard !sorted.isEmpty else { return "-" }
      return String(format: "%.0f ms", sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))] * 1000)
    }
    return "\(name): \(seconds.count) answers, median \(at(0.5)), 99th percentile \(at(0.99)), longest \(at(1))"
  }
}

/// What all clients saw together. Safe from several threads.
final class Timings: @unchecked Sendable {
  private let lock = NSLock()
  private(set) var byKind: [String: Times] = [:]
  private(set) var errors: [String] = []

  func add(_ kind: String, _ seconds: Double) {
    lock.withLock { byKind[kind, default: Times()].seconds.append(seconds) }
  }
  func fail(_ sentence: String) { lock.withLock { errors.append(sentence) } }
}

/// A studio with one clip, and clients that scrub and click on it.
final class StudioLoad: @unchecked Sendable {
  private let server: StudioServer
  private let project: String
  private let frames: Int
  private let bounds: Region
  private let looking = DispatchGroup()

  /// Frames that are clicked on; each is prepared once.
  private static let clicked = [5, 20, 35, 50]

  init(scene: SyntheticScene) throws {
    let clip = FileManager.default.temporaryDirectory.path + "/studio-benchmark-\(getpid()).mp4"
    defer { unlink(clip) }
    try scene.write(to: clip, force: true)
    server = try StudioServer()
    project = try server.project(of: clip)
    frames = scene.frameCount
    bounds = Region(x: 0, y: 0, width: scene.width, height: scene.height)
    for frame in Self.clicked { _ = try click(frame, x: scene.width / 2, y: scene.height / 2) }
  }

  func run(clients: Int, seconds: Int) -> Timings {
    let timings = Timings()
    let end = ContinuousClock.now + .seconds(seconds)
    let group = DispatchGroup()
    for client in 0..<clients {
      group.enter()
      Thread.detachNewThread {
        self.work(client, until: end, timings)
        group.leave()
      }
    }
    group.wait()
    looking.wait()
    return timings
  }

  /// Scrubs ten frames at five a second, clicks, and looks at the mask for two seconds: over and over, not in step.
  private func work(_ client: Int, until end: ContinuousClock.Instant, _ timings: Timings) {
    var random = SplitMix64(seed: UInt64(client + 1))
    usleep(UInt32(random.next() % 4_000_000))
    while ContinuousClock.now < end {
      for _ in 0..<10 {
        let frame = Int(random.next() % UInt64(frames))
        time("frame", timings) { try self.server.get("/api/v1/projects/\(self.project)/frames/\(frame).jpg?width=854") }
        usleep(200_000)
      }
      let frame = Self.clicked[Int(random.next() % UInt64(Self.clicked.count))]
      let x = Int(random.next() % UInt64(bounds.width))
      let y = Int(random.next() % UInt64(bounds.height))
      let object = client % 255 + 1
      time("click", timings) { try self.click(frame, object, x: x, y: y) }
      look(at: frame, object, timings)
      usleep(2_000_000)
    }
  }

  /// Asks what else the click may mean, as the page does while the person looks at the first answer.
  private func look(at frame: Int, _ object: Int, _ timings: Timings) {
    looking.enter()
    Thread.detachNewThread {
      self.time("other readings", timings, refusals: [409, 503]) {
        try self.server.get("/api/v1/projects/\(self.project)/candidates?frame=\(frame)&object=\(object)")
      }
      self.looking.leave()
    }
  }

  private func time(_ kind: String, _ timings: Timings, refusals: [Int] = [], _ ask: () throws -> Wire.Reply) {
    let start = ContinuousClock.now
    do {
      let reply = try ask()
      let isRefused = refusals.contains(reply.status)
      timings.add(isRefused ? kind + " refused" : kind, (ContinuousClock.now - start) / .seconds(1))
      if reply.status != 200, !isRefused { timings.fail("\(kind): \(reply.status) \(reply.text.prefix(200))") }
    } catch {
      timings.fail("\(kind): \(error)")
    }
  }

  private func click(_ frame: Int, _ object: Int = 1, x: Int, y: Int) throws -> Wire.Reply {
    try server.post(
      "/api/v1/projects/\(project)/select",
      "{\"frame\": \(frame), \"object\": \(object), \"points\": [{\"x\": \(x), \"y\": \(y), \"inside\": true}]}")
  }

  /// What server and workers held at the highest.
  var memory: String {
    let processes = [("server", server.processID)] + server.workers("session").map { ("worker", $0) }
    return processes.map { name, id in
      let status = String(decoding: FileManager.default.contents(atPath: "/proc/\(id)/status") ?? Data(), as: UTF8.self)
      let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ")
      return "\(name): \((peak.flatMap { Int($0[1]) } ?? 0) / 1024) MiB at the highest"
    }.joined(separator: "\n")
  }
}
