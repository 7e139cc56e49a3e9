import Foundation
import Testing

@testable import VideoIO

/// Where a click is heard: in MPEG-TS, whose sound only a decoder can describe, and in AVI, which has no times.
@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg and ffprobe"))
struct SoundPlaceTests {
  let folder = ScratchFolder()

  /// Two seconds of picture, and clicks at .3, .9 and 1.5 s, later by `delay`.
  private func clip(_ name: String, _ sound: [String], delay: Double = 0) throws -> String {
    let path = folder.file(name)
    let clicks = "aevalsrc='if(between(mod(t,0.6),0.3,0.31),0.8*sin(6000*t),0)':s=44100:d=1.8"
    try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-itsoffset", "\(delay)",
        "-f", "lavfi", "-i", clicks, "-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt",
        "yuv420p", "-t", "2",
      ] + sound + [path])
    return path
  }

  private func written(_ path: String, as name: String) throws -> String {
    let source = try MediaSource.open(path)
    let (info, out) = (source.info, folder.file(name))
    let last = source.time(at: info.frameCount - 1)
    let sink = try MediaSink.open(
      out, source: info, range: 0...info.frameCount - 1,
      times: (info.startTime, Double(last.time + last.duration) * info.timeBase.value),
      settings: EncodeSettings(preset: "ultrafast"), force: false)
    for index in 0..<info.frameCount {
      let frame = try source.frame(at: index)
      try sink.write(frame.frame, time: frame.time, duration: frame.duration)
    }
    try sink.finish()
    return out
  }

  /// Seconds after the first picture at which clicks begin.
  private func clicks(_ path: String) throws -> [Double] {
    let raw = folder.file("pcm-\(UUID().uuidString)")
    try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-copyts", "-i", path, "-map", "0:a", "-af",
        "aresample=48000:async=1:first_pts=0", "-f", "s16le", "-ac", "1", raw,
      ])
    let samples = try Data(contentsOf: URL(fileURLWithPath: raw)).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
    // AVI says no times; its first picture is at 0.
    let start = path.hasSuffix("avi") ? 0 : try #require(try ForeignTool.times(path).first)
    var found: [Double] = []
    for (index, sample) in samples.enumerated() where abs(Int(sample)) > 6000 {
      let time = Double(index) / 48000 - start
      if time - (found.last ?? -1) > 0.1 { found.append(time) }
    }
    return found
  }

  private func expectSameClicks(_ source: String, _ out: String) throws {
    let (before, after) = (try clicks(source), try clicks(out))
    #expect(before.count >= 2)
    #expect(before.count == after.count, "\(before) \(after)")
    for (a, b) in zip(before, after) { #expect(abs(a - b) < 0.04, "\(before) \(after)") }
  }

  @Test(arguments: ["mp4", "mov", "mkv", "webm", "avi", "ts"])
  func soundOfATransportStream(_ suffix: String) throws {
    let path = try clip("in.ts", ["-c:a", "aac"])
    try expectSameClicks(path, written(path, as: "out." + suffix))
  }

  /// Broadcasts are cut together; the clock of the second part begins anew, between the times of the first.
  @Test(arguments: ["mp4", "mkv", "avi"])
  func aClockThatBeginsAnew(_ suffix: String) throws {
    let parts = [try clip("a.ts", ["-c:a", "aac"]), try clip("b.ts", ["-c:a", "aac", "-output_ts_offset", "0.013"])]
    let path = folder.file("joined.ts")
    try parts.reduce(Data()) { try $0 + Data(contentsOf: URL(fileURLWithPath: $1)) }.write(to: URL(fileURLWithPath: path))
    let source = try MediaSource.open(path)
    #expect(source.info.frameCount == 100 && source.info.splices?.count == 1)
    let times = (0..<100).map { Double(source.time(at: $0).time) * source.info.timeBase.value }
    for (a, b) in zip(times, times.dropFirst()) { #expect(abs(b - a - 0.04) < 0.03, "\(a) \(b)") }
    // The second part shows what the first shows, in its order.
    for index in [0, 17, 49] { #expect(try source.frame(at: 50 + index).frame == source.frame(at: index).frame) }
    let heard = try clicks(written(path, as: "out." + suffix))
    let expected = [0.3, 0.9, 1.5, 2.3, 2.9, 3.5]
    #expect(heard.count == expected.count, "\(heard)")
    for (a, b) in zip(heard, expected) { #expect(abs(a - b) < 0.1, "\(heard)") }
  }

  @Test(arguments: ["mov", "mkv"])
  func plainSamplesInAVI(_ suffix: String) throws {
    let path = try clip("in." + suffix, ["-c:a", "pcm_s16le"])
    try expectSameClicks(path, written(path, as: "out.avi"))
  }

  @Test(arguments: ["aac", "libmp3lame"], ["avi", "mp4"])
  func soundThatBeginsLate(_ codec: String, _ suffix: String) throws {
    let path = try clip("late.mkv", ["-c:a", codec], delay: 0.7)
    try expectSameClicks(path, written(path, as: "out." + suffix))
  }

  @Test(arguments: ["tff", "bff"], [("mkv", nil), ("mp4", nil), ("mkv", .ffv1), ("mov", .prores4444)] as [(String, EncodeSettings.Codec?)])
  func fieldsStayFields(_ order: String, _ output: (String, EncodeSettings.Codec?)) throws {
    let path = folder.file("in.mp4")
    try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=50:d=0.4", "-vf",
        "tinterlace=interleave_\(order == "tff" ? "top" : "bottom"),setfield=\(order)", "-c:v", "libx264", "-flags",
        "+ildct+ilme", "-x264-params", order + "=1", "-pix_fmt", "yuv420p", path,
      ])
    let source = try MediaSource.open(path)
    #expect(source.info.isTopFieldFirst == (order == "tff"))
    let out = folder.file("out." + output.0)
    let sink = try MediaSink.open(
      out, source: source.info, range: 0...source.info.frameCount - 1, times: (0, source.info.duration),
      settings: EncodeSettings(codec: output.1), force: true)
    for index in 0..<source.info.frameCount {
      let frame = try source.frame(at: index)
      try sink.write(frame.frame, time: frame.time, duration: frame.duration)
    }
    try sink.finish()
    let again = try MediaSource.open(out).info
    #expect(again.isInterlaced && again.isTopFieldFirst == (order == "tff"))
  }
}
