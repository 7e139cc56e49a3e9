import Foundation
import TestSupport
import Testing

@testable import VideoIO

/// Limits hold before anything is decoded, and nothing leaks.
@Suite(.serialized) struct InputLimitsTests {
  private static func clip() throws -> String { try ReadingClip.all[0].path() }

  private func failure(_ path: String, _ limits: MediaLimits) -> VideoIOError? {
    #expect(throws: VideoIOError.self) { try MediaSource.open(path, limits: limits) }
  }

  @Test func eachLimitNamesItsFlag() throws {
    let path = try Self.clip()
    let cases: [(MediaLimits, String)] = [
      (MediaLimits(bytes: 1000), "--max-bytes"), (MediaLimits(pixels: 160 * 90 - 1), "--max-pixels"),
      (MediaLimits(frames: 59), "--max-frames"), (MediaLimits(duration: 2.2), "--max-duration"),
    ]
    for (limits, flag) in cases {
      let error = failure(path, limits)
      #expect(error?.code == .overLimit && error?.message.contains(flag) == true, "\(flag): \(error as Any)")
    }
    let exact = MediaLimits(pixels: 160 * 90, frames: 60, duration: 2.4)
    #expect(try MediaSource.open(path, limits: exact).info.frameCount == 60)
  }

  @Test func foldersAreLimitedToo() throws {
    let folder = TestMedia.folder + "/limited-folder"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let image = try ByteSurgery.bytes(TestMedia.pattern("limit.png", size: "64x48", frames: 1, []))
    for index in 0..<4 { try ByteSurgery.write(image, folder + "/\(index).png") }
    #expect(failure(folder, MediaLimits(frames: 3))?.message.contains("--max-frames") == true)
    #expect(failure(folder, MediaLimits(pixels: 3000))?.message.contains("--max-pixels") == true)
    #expect(failure(folder, MediaLimits(duration: 0.1))?.message.contains("--max-duration") == true)
    #expect(failure(folder, MediaLimits(bytes: 100))?.message.contains("--max-bytes") == true)
  }

  @Test func pipesAreSpooledUnderTheLimit() throws {
    let path = try Self.clip()
    let pipe = TestMedia.folder + "/pipe-\(getpid())"
    unlink(pipe)
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    func feed() throws {
      let writer = Process()
      writer.executableURL = URL(fileURLWithPath: "/bin/sh")
      writer.arguments = ["-c", "cat \"$0\" > \"$1\" 2>/dev/null", path, pipe]
      try writer.run()
    }
    try feed()
    let source = try MediaSource.open(pipe)
    let reference = try MediaSource.open(path)
    #expect(source.info.frameCount == 60)
    #expect(try source.frame(at: 33).frame == reference.frame(at: 33).frame)
    try feed()
    #expect(failure(pipe, MediaLimits(bytes: 5000))?.code == .overLimit)
  }

  @Test func openingAndClosingLeaksNothing() throws {
    func descriptors() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count }
    func resident() throws -> Int {
      let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
      return Int(fields[1])! * 4096
    }
    let path = try Self.clip()
    let broken = TestMedia.folder + "/leak-broken.mp4"
    try ByteSurgery.write(ByteSurgery.bytes(path).prefix(3000), broken)
    func once() throws {
      let source = try VideoFileSource(path, cacheBytes: 1 << 16)
      _ = try source.frame(at: 31)
      _ = try? VideoFileSource(broken)
    }
    for _ in 0..<30 { try once() }
    // Other suites open files and take memory in the same process: a leak shows in every round, they do not.
    let holds = try (0..<6).contains { _ in
      let (files, memory) = (try descriptors(), try resident())
      for _ in 0..<500 { try once() }
      return try descriptors() < files + 60 && resident() < memory + 200 << 20
    }
    #expect(holds, "500 openings took 60 descriptors or 200 MB, six times in a row")
  }
}
