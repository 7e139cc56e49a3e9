import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// What is said of a clip before it is decoded.
@Suite struct MediaInfoTests {
  private static let x264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-bf", "2"]

  @Test(arguments: [
    ("30000/1001", "mp4"), ("30000/1001", "mkv"), ("30000/1001", "ts"), ("30000/1001", "avi"), ("24000/1001", "mkv"),
    ("24000/1001", "mp4"), ("60", "mkv"), ("25", "ts"), ("17", "mkv"), ("50", "mp4"), ("15/4", "mp4"),
  ])
  func frameRateIsExact(rate: String, container: String) throws {
    let path = try TestMedia.pattern("rate.\(container)", rate: rate, frames: 40, Self.x264)
    let info = try VideoFileSource(path).info
    let parts = rate.split(separator: "/").compactMap { Int($0) }
    #expect(info.frameRate == Rational(parts[0], parts.count > 1 ? parts[1] : 1))
    #expect(!info.isVariableFrameRate)
    #expect(info.frameCount == 40)
    #expect(abs(info.duration - 40 / info.frameRate.value) < 0.002)
  }

  /// FFmpeg's own probe is the judge of the times.
  @Test(arguments: ReadingClip.all.filter { !["raw.h264", "bframes.avi", "mpeg4.avi"].contains($0.name) })
  func timesAreThoseOfTheProbe(clip: ReadingClip) throws {
    let path = try clip.path()
    let source = try VideoFileSource(path)
    let expected = try TestMedia.probe(path, "frame=pts").compactMap { $0.first.flatMap { Int64($0) } }
    #expect((0..<source.info.frameCount).map { source.time(at: $0).time } == expected)
    let frame = try source.frame(at: 7)
    #expect(frame.time == source.time(at: 7).time && frame.duration == source.time(at: 7).duration)
  }

  @Test func timesOfAviComeFromDecodingTimes() throws {
    for name in ["bframes.avi", "mpeg4.avi"] {
      let clip = try #require(ReadingClip.all.first { $0.name == name })
      let source = try VideoFileSource(try clip.path())
      #expect((0..<60).allSatisfy { source.time(at: $0).time - source.time(at: 0).time == Int64($0) })
      #expect(source.info.frameRate == Rational(25, 1))
    }
  }

  @Test func variableFrameRate() throws {
    let path = try TestMedia.clip(
      "variable.mp4",
      ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=30", "-vf", "select='not(eq(mod(n,7),3))'", "-fps_mode", "vfr"]
        + ["-frames:v", "40"] + Self.x264)
    let source = try VideoFileSource(path)
    #expect(source.info.isVariableFrameRate)
    let steps = (0..<39).map { source.time(at: $0 + 1).time - source.time(at: $0).time }
    #expect(Set(steps).count == 2 && steps.max()! == 2 * steps.min()!)
    #expect((0..<39).allSatisfy { source.time(at: $0).duration == steps[$0] })
  }

  @Test func firstTimeIsKept() throws {
    let path = try TestMedia.pattern("late.mkv", frames: 10, Self.x264 + ["-output_ts_offset", "7.5"])
    let info = try VideoFileSource(path).info
    #expect(abs(info.startTime - 7.5) < 0.1)
    #expect(abs(info.duration - 0.4) < 0.01)
  }

  @Test func editListsHideFrames() throws {
    let whole = try TestMedia.pattern("whole.mp4", frames: 60, Self.x264 + ["-g", "20"])
    let cut = try TestMedia.clip("cut.mp4", ["-ss", "1.2", "-i", whole, "-c", "copy"])
    let (source, reference) = (try VideoFileSource(cut), try VideoFileSource(whole))
    #expect(source.info.frameCount == 30)
    #expect(try source.frame(at: 0).frame == reference.frame(at: 30).frame)
    #expect(try source.frame(at: 29).frame == reference.frame(at: 59).frame)
    #expect(try source.frame(at: 3).frame == reference.frame(at: 33).frame)
  }

  @Test func colorTagsArePassedOn() throws {
    let path = try TestMedia.pattern(
      "tags.mp4", frames: 3,
      Self.x264 + [
        "-color_range", "pc", "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084",
        "-chroma_sample_location", "topleft",
      ])
    let info = try VideoFileSource(path).info
    #expect(
      info.color
        == ColorDescription(range: .full, matrixCode: 9, primariesCode: 9, transferCode: 16, siting: .topLeft))
    #expect(try VideoFileSource(path).frame(at: 1).frame.color == info.color)
  }

  @Test func formatsAndShapes() throws {
    func info(_ name: String) throws -> MediaInfo {
      try VideoFileSource(try #require(ReadingClip.all.first { $0.name == name }).path()).info
    }
    #expect(try info("hevc10.mkv").format == PixelFormat(.yuv420, bitDepth: 10))
    #expect(try info("ffv1rgb.mkv").format == PixelFormat(.rgb))
    #expect(try info("prores.mov").format.hasAlpha)
    #expect(try info("mjpeg.avi").color.range == .full)
    #expect(try info("interlaced.ts").isInterlaced)
    #expect(try info("interlaced.ts").warnings.contains { $0.contains("interlaced") })
    #expect(try info("bframes.mp4").warnings.isEmpty)
    let wide = try TestMedia.pattern("wide.mp4", frames: 2, Self.x264 + ["-vf", "setsar=4/3"])
    #expect(try VideoFileSource(wide).info.sampleAspectRatio == Rational(4, 3))
  }

  @Test func streamsAreListed() throws {
    let path = try TestMedia.clip(
      "streams.mkv",
      [
        "-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25", "-f", "lavfi", "-i", "testsrc=size=160x90:rate=25",
        "-f", "lavfi", "-i", "sine", "-map", "2", "-map", "0", "-map", "1", "-metadata:s:a:0", "language=fra",
        "-t", "1", "-c:v", "ffv1", "-c:a", "aac",
      ])
    let info = try VideoFileSource(path).info
    #expect(info.streams.map(\.kind) == [.audio, .video, .video])
    #expect(info.streams.first?.language == "fra" && info.streams.first?.codec == "aac")
    #expect(info.warnings.contains { $0.contains("2 video streams") })
  }
}
