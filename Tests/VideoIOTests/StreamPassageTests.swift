import Foundation
import Imaging
import Testing

@testable import VideoIO

/// Four seconds of 25 frames each with sound, subtitles, chapters and tags, and what comes out beside the frames.
@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg and ffprobe"))
struct StreamPassageTests {
  let folder = ScratchFolder()

  func source(_ name: String, _ more: [String], start: Double = 0) throws -> MediaInfo {
    let path = folder.file(name)
    let subtitles = folder.file("text.srt")
    let chapters = folder.file("chapters.txt")
    try "1\n00:00:00,500 --> 00:00:01,500\nfirst\n\n2\n00:00:02,000 --> 00:00:03,000\n<i>second</i>\n"
      .write(toFile: subtitles, atomically: true, encoding: .utf8)
    try """
    ;FFMETADATA1
    title=A walk
    [CHAPTER]
    TIMEBASE=1/1000
    START=0
    END=1500
    title=one
    [CHAPTER]
    TIMEBASE=1/1000
    START=1500
    END=4000
    title=two
    """.write(toFile: chapters, atomically: true, encoding: .utf8)
    try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=4", "-f", "lavfi", "-i",
        "sine=f=440:r=48000:d=4", "-i", subtitles, "-i", chapters, "-map", "0", "-map", "1", "-map", "2",
        "-map_metadata",
        "3", "-map_chapters", "3", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-metadata:s:a",
        "language=deu",
      ] + more + [path])
    var info = FrameFixture.info(
      path: path, timeBase: Rational(1, name.hasSuffix("mkv") ? 1000 : 12800), frameCount: 100)
    info.startTime = start
    return info
  }

  func mp4() throws -> MediaInfo { try source("in.mp4", ["-c:a", "aac", "-c:s", "mov_text"]) }
  func mkv(_ audio: String = "flac") throws -> MediaInfo { try source("in.mkv", ["-c:a", audio, "-c:s", "srt"]) }

  /// Digests of the packets' payloads, in order.
  func payloads(_ path: String, _ stream: String) throws -> [String] {
    try ForeignTool.run(
      "ffprobe",
      [
        "-v", "error", "-select_streams", stream, "-show_data_hash", "MD5", "-show_entries", "packet=data_hash", "-of",
        "csv=p=0", path,
      ]
    ).split(separator: "\n").map { String($0.replacing(",", with: "")) }
  }

  @Test(arguments: ["mp4", "mov", "mkv", "ts"])
  func soundOfAWholeClipIsCopiedPacketForPacket(_ suffix: String) throws {
    let info = try mp4()
    let out = folder.file("out." + suffix)
    _ = try info.write(out)
    let (before, after) = (try payloads(info.path, "a:0"), try payloads(out, "a:0"))
    #expect(before.count > 180)
    // MPEG-TS wraps each packet; Matroska has no room for the packet before time 0.
    if suffix == "ts" { #expect(abs(after.count - before.count) <= 1) }
    if suffix == "mkv" { #expect(after == Array(before.dropFirst())) }
    if suffix == "mp4" || suffix == "mov" {
      #expect(after == before)
      #expect(try ForeignTool.times(out, "a:0") == ForeignTool.times(info.path, "a:0"))
    }
    #expect(try ForeignTool.times(out).count == 100)
    if suffix != "ts" { #expect(try ForeignTool.times(out)[0] == 0) }
  }

  @Test(arguments: ["mp4", "mkv"])
  func aCutKeepsSoundInSync(_ suffix: String) throws {
    let info = try mp4()
    let out = folder.file("cut." + suffix)
    _ = try info.write(out, range: 30...59)
    let (before, after) = (try payloads(info.path, "a:0"), try payloads(out, "a:0"))
    let (timesBefore, timesAfter) = (try ForeignTool.times(info.path, "a:0"), try ForeignTool.times(out, "a:0"))
    let first = try #require(before.firstIndex(of: after[0]))
    #expect(Array(before[first..<first + after.count]) == after)
    #expect(abs(timesBefore[first] - 1.2 - timesAfter[0]) < 0.0011)
    #expect(timesBefore[first] > 1.2 - 0.022 && timesBefore[first] < 1.2 + 0.022)
    #expect(abs(timesAfter.last! - 1.2) < 0.03)
    #expect(try ForeignTool.times(out)[0] == 0)
  }

  @Test(arguments: ["mp4", "mkv", "webm"])
  func subtitlesChaptersAndTagsAreKept(_ suffix: String) throws {
    for info in [try mp4(), try mkv()] {
      let out = folder.file("out." + suffix)
      _ = try info.write(out, force: true)
      #expect(try ForeignTool.probe(out, "format_tags=title") == ["A walk"])
      #expect(
        try ForeignTool.probe(out, "chapter=start_time,end_time:chapter_tags=title")
          == ["0.000000,1.500000,one", "1.500000,4.000000,two"])
      #expect(try ForeignTool.probe(out, "stream_tags=language", "-select_streams", "a:0") == ["deu"])
      let text = try ForeignTool.run(
        "ffmpeg", ["-nostdin", "-v", "error", "-copyts", "-i", out, "-map", "0:s:0", "-f", "srt", "-"])
      #expect(text.contains("00:00:00,500 --> 00:00:01,500") && text.contains("first"))
      #expect(text.contains("00:00:02,000 --> 00:00:03,000") && text.contains("<i>second</i>"))
    }
  }

  @Test func subtitlesAndChaptersAreCutToTheRange() throws {
    let out = folder.file("cut.mp4")
    _ = try mp4().write(out, range: 25...74)
    #expect(
      try ForeignTool.probe(out, "chapter=start_time,end_time:chapter_tags=title")
        == ["0.000000,0.500000,one", "0.500000,2.000000,two"])
    let text = try ForeignTool.run(
      "ffmpeg", ["-nostdin", "-v", "error", "-copyts", "-i", out, "-map", "0:s:0", "-f", "srt", "-"])
    #expect(text.contains("00:00:00,000 --> 00:00:00,500") && text.contains("00:00:01,000 --> 00:00:02,000"))
  }

  @Test(arguments: [("webm", "opus"), ("mp4", "aac"), ("avi", "pcm_s16le"), ("ts", "aac"), ("mov", "aac")])
  func soundThatCannotBeCopiedIsEncodedAnew(_ suffix: String, _ codec: String) throws {
    let info = suffix == "mp4" ? try mkv("pcm_s16le") : suffix == "webm" ? try mp4() : try mkv("flac")
    let out = folder.file("out." + suffix)
    let warnings = try info.write(out)
    #expect(warnings.contains { $0.contains("encoded anew as \(codec)") })
    #expect(try ForeignTool.probe(out, "stream=codec_name", "-select_streams", "a:0").last == codec)
    let times = try ForeignTool.times(out, "a:0")
    #expect(times.last! > 3.9 && times.last! < (suffix == "ts" ? 6 : 4.05))
  }

  @Test(arguments: ["webm", "mp4", "avi"])
  func soundEncodedAnewIsCutToTheSample(_ suffix: String) throws {
    let info = try mkv(suffix == "webm" ? "aac" : "flac")
    let out = folder.file("cut." + suffix)
    _ = try info.write(out, range: 25...49)
    let samples = try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-i", out, "-map", "0:a", "-f", "s16le", "-ar", "48000", "-ac", "1",
        folder.file("pcm"),
      ])
    #expect(samples.isEmpty)
    let count = try Data(contentsOf: URL(fileURLWithPath: folder.file("pcm"))).count / 2
    #expect(abs(count - 48000) < 1100, "\(count) samples")
  }

  @Test func theSameSourceGivesTheSameBytes() throws {
    let info = try mp4()
    for suffix in ["mp4", "mkv", "webm"] {
      for name in ["a.", "b."] { _ = try info.write(folder.file(name + suffix)) }
      #expect(
        FileManager.default.contentsEqual(atPath: folder.file("a." + suffix), andPath: folder.file("b." + suffix)))
    }
  }

  @Test func theInputFileIsNoOutput() throws {
    let info = try mp4()
    let link = folder.file("link.mp4")
    try FileManager.default.linkItem(atPath: info.path, toPath: link)
    #expect(code { try info.write(info.path, force: true) } == .badRequest)
    #expect(code { try info.write(link, force: true) } == .badRequest)
  }

  @Test func soundThatCameThroughAPipeIsCopied() throws {
    let (info, pipe) = (try mkv(), folder.file("pipe"))
    #expect(mkfifo(pipe, 0o600) == 0)
    let feeder = Process()
    feeder.executableURL = URL(fileURLWithPath: "/bin/sh")
    feeder.arguments = ["-c", "cat \"$0\" > \"$1\"", info.path, pipe]
    try feeder.run()
    let source = try MediaSource.open(pipe)
    feeder.waitUntilExit()
    let sink = try MediaSink.open(
      folder.file("out.mkv"), source: source.info, range: 0...99, times: (0, 4),
      settings: EncodeSettings(preset: "ultrafast"), force: false)
    for index in 0..<100 {
      let frame = try source.frame(at: index)
      try sink.write(frame.frame, time: frame.time, duration: frame.duration)
    }
    try sink.finish()
    #expect(try payloads(folder.file("out.mkv"), "a:0") == payloads(info.path, "a:0"))
  }

  @Test func soundThatIsGoneIsAnError() throws {
    var info = FrameFixture.info(path: folder.file("gone.mp4"))
    info.streams = [MediaInfo.Stream(index: 1, kind: .audio, codec: "aac", language: nil)]
    #expect(code { try info.write(folder.file("out.mp4")) } == .cannotOpen)
    #expect(folder.names.isEmpty)
  }
}
