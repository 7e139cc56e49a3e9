import Foundation
import Imaging
import Testing

@testable import VideoIO

@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg and ffprobe"))
struct VideoSinkTests {
  static let pairs: [(EncodeSettings.Codec, String)] = [
    (.h264, "mp4"), (.h264, "mov"), (.h264, "mkv"), (.h264, "avi"), (.h264, "ts"), (.h265, "mp4"), (.h265, "mkv"),
    (.vp9, "webm"), (.vp9, "mkv"), (.ffv1, "mkv"), (.ffv1, "avi"), (.prores4444, "mov"), (.png, "mov"), (.png, "mkv"),
  ]

  @Test(arguments: pairs)
  func everyCodecInItsContainers(_ codec: EncodeSettings.Codec, _ suffix: String) throws {
    let folder = ScratchFolder()
    let path = folder.file("out." + suffix)
    _ = try FrameFixture.info(height: 64).write(path, codec: codec)
    let names: [EncodeSettings.Codec: String] = [.h265: "hevc", .prores4444: "prores"]
    let streams = try ForeignTool.probe(path, "stream=codec_name,width,height,avg_frame_rate")
    #expect(streams.last == "\(names[codec] ?? codec.rawValue),64,64,25/1")
    #expect(try ForeignTool.probe(path, "stream=nb_read_frames", "-count_frames").last == "10")
    #expect(folder.names == ["out." + suffix])
  }

  @Test(arguments: pairs)
  func sameFramesGiveTheSameBytes(_ codec: EncodeSettings.Codec, _ suffix: String) throws {
    let folder = ScratchFolder()
    let info = FrameFixture.info(width: 160, height: 96, frameCount: 12)
    _ = try info.write(folder.file("a." + suffix), codec: codec)
    _ = try info.write(folder.file("b." + suffix), codec: codec)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("a." + suffix)))
        == Data(contentsOf: URL(fileURLWithPath: folder.file("b." + suffix))))
  }

  @Test(arguments: ["mp4", "mkv"])
  func theDefaultPresetIsRepeatableWithManyFrames(_ suffix: String) throws {
    let folder = ScratchFolder()
    let info = FrameFixture.info(width: 128, height: 96, frameCount: 60)
    for name in ["a.", "b."] { _ = try info.write(folder.file(name + suffix), codec: .h264, preset: nil) }
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a." + suffix), andPath: folder.file("b." + suffix)))
  }

  @Test(arguments: ["mp4", "mov", "mkv", "ts"])
  func timesOfNTSCRatesAreExact(_ suffix: String) throws {
    let folder = ScratchFolder()
    let path = folder.file("out." + suffix)
    let info = FrameFixture.info(frameRate: Rational(30000, 1001), timeBase: Rational(1, 30000), frameCount: 40)
    _ = try info.write(path, preset: nil)
    let tick = suffix == "mkv" ? 0.001 : suffix == "ts" ? 1 / 90000.0 : 1 / 30000.0
    let times = try ForeignTool.times(path)
    #expect(times.count == 40)
    let first = suffix == "ts" ? times[0] : 0
    for (index, time) in times.enumerated() {
      #expect(abs(time - first - Double(index) * 1001 / 30000) <= tick * 0.501 + 1e-6, "frame \(index)")
    }
    #expect(try ForeignTool.probe(path, "stream=avg_frame_rate").last == "30000/1001")
  }

  @Test(arguments: ["mp4", "mkv", "webm"])
  func variableRatesKeepEachTime(_ suffix: String) throws {
    let folder = ScratchFolder()
    let path = folder.file("out." + suffix)
    let times: [Int64] = [0, 40, 50, 130, 131, 400, 440, 1000, 1040, 1100, 1200]
    let info = FrameFixture.info(timeBase: Rational(1, 1000), isVariable: true)
    _ = try info.write(path, preset: nil, times: times)
    #expect(try ForeignTool.times(path) == times.dropLast().map { Double($0) / 1000 })
  }

  @Test(arguments: ["mp4", "mov", "mkv"])
  func aWholeClipKeepsItsStartAndACutBeginsAtZero(_ suffix: String) throws {
    let folder = ScratchFolder()
    let info = FrameFixture.info()
    let start: Int64 = 12800 + 6401
    _ = try info.write(folder.file("whole." + suffix), start: start)
    _ = try info.write(folder.file("cut." + suffix), range: 3...7, start: start)
    let (whole, cut) = (
      try ForeignTool.times(folder.file("whole." + suffix)), try ForeignTool.times(folder.file("cut." + suffix))
    )
    #expect(abs(whole[0] - Double(start) / 12800) < (suffix == "mkv" ? 0.00051 : 0.000001))
    #expect(whole.count == 10 && cut.count == 5 && cut[0] == 0)
    #expect(abs(cut[4] - 0.16) < 0.0000001)
  }

  @Test func aVariableRateIsRefusedInAVI() {
    let info = FrameFixture.info(timeBase: Rational(1, 1000), isVariable: true)
    #expect(code { try info.write(ScratchFolder().file("out.avi")) } == .container)
  }

  @Test(arguments: [
    ("out.webm", EncodeSettings.Codec.h264, VideoIOError.Code.container), ("out.mp4", .ffv1, .container),
    ("out.mp4", .prores4444, .container), ("out.xyz", .h264, .badRequest), ("out", .h264, .badRequest),
    ("missing/out.mp4", .h264, .cannotWrite), ("frames/", .h264, .container),
  ])
  func badOutputsAreRefused(_ name: String, _ codec: EncodeSettings.Codec, _ expected: VideoIOError.Code) {
    let folder = ScratchFolder()
    #expect(code { try FrameFixture.info().write(folder.file(name), codec: codec) } == expected)
    #expect(folder.names.isEmpty)
  }

  /// x264 writes its settings into the stream.
  @Test(arguments: [(1920, 1080, 40), (3840, 2160, 10)])
  func largePicturesAreNotHeldByTheGigabyte(_ width: Int, _ height: Int, _ lookAhead: Int) throws {
    let folder = ScratchFolder()
    let path = folder.file("a.mp4")
    _ = try FrameFixture.info(width: width, height: height, frameCount: 2).write(path, codec: .h264, preset: "medium")
    let stream = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(stream.range(of: Data("rc_lookahead=\(lookAhead) ".utf8)) != nil)
  }

  @Test func aPresetThatIsNoneIsAnError() {
    let folder = ScratchFolder()
    #expect(code { try FrameFixture.info().write(folder.file("a.mp4"), preset: "swift") } == .unsupported)
    #expect(folder.names.isEmpty)
  }
}

/// The code of the error that `body` throws.
func code<Result>(_ body: () throws -> Result) -> VideoIOError.Code? {
  do {
    _ = try body()
    return nil
  } catch {
    return (error as? VideoIOError)?.code
  }
}
