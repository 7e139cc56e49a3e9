import Foundation
import Imaging
import Testing

@testable import VideoIO

/// What encoders make of formats, sizes, tags and turns; read back by the reading half.
@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg and ffprobe"))
struct EncodedFormatTests {
  let folder = ScratchFolder()

  static let exact: [PixelFormat] =
    [PixelFormat.Layout.grey, .yuv420, .yuv422, .yuv444, .rgb].flatMap { layout in
      [8, 10, 12, 16].map { PixelFormat(layout, bitDepth: $0) }
    }
    + [.yuv420, .yuv422, .yuv444, .rgb].flatMap { layout in
      [8, 10, 16].map { PixelFormat(layout, bitDepth: $0, hasAlpha: true) }
    }
    + [PixelFormat(.grey, hasAlpha: true), PixelFormat(.rgb, bitDepth: 14), PixelFormat(.yuv420, bitDepth: 9)]

  @Test(arguments: exact)
  func ffv1KeepsEverySample(_ format: PixelFormat) throws {
    let info = FrameFixture.info(width: 46, height: 34, format: format, frameCount: 3)
    #expect(try info.write(folder.file("out.mkv"), codec: .ffv1).isEmpty)
    let source = try MediaSource.open(folder.file("out.mkv"))
    for index in 0..<3 {
      let frame = try source.frame(at: index).frame
      #expect(frame.format == format)
      #expect(frame.planes == FrameFixture.frame(index, width: 46, height: 34, format).planes)
    }
  }

  @Test(arguments: [(1, 1), (2, 2), (3, 5), (17, 31), (33, 32), (640, 2)])
  func ffv1KeepsEverySize(_ width: Int, _ height: Int) throws {
    let info = FrameFixture.info(width: width, height: height, frameCount: 2)
    _ = try info.write(folder.file("out.mkv"), codec: .ffv1)
    let frame = try MediaSource.open(folder.file("out.mkv")).frame(at: 1).frame
    #expect(frame.planes == FrameFixture.frame(1, width: width, height: height).planes)
  }

  @Test(arguments: [
    (EncodeSettings.Codec.h264, PixelFormat(.yuv420), "yuv420p"), (.h264, PixelFormat(.yuv422), "yuv422p"),
    (.h264, PixelFormat(.yuv444), "yuv444p"), (.h265, PixelFormat(.grey), "gray"),
    (.h264, PixelFormat(.rgb), "yuv420p"),
    (.h264, PixelFormat(.yuv420, bitDepth: 10), "yuv420p10le"),
    (.h264, PixelFormat(.yuv422, bitDepth: 10), "yuv422p10le"),
    (.h264, PixelFormat(.yuv420, bitDepth: 12), "yuv420p10le"),
    (.h265, PixelFormat(.yuv420, bitDepth: 12), "yuv420p12le"),
    (.h265, PixelFormat(.yuv422, bitDepth: 10), "yuv422p10le"),
    (.vp9, PixelFormat(.yuv420, bitDepth: 10), "yuv420p10le"),
    (.vp9, PixelFormat(.grey), "yuv420p"), (.prores4444, PixelFormat(.yuv420), "yuv444p1"),
    (.prores4444, PixelFormat(.yuv444, hasAlpha: true), "yuva444p1"), (.png, PixelFormat(.rgb, hasAlpha: true), "rgba"),
  ])
  func formatsAreKeptWhereTheCodecAllows(_ codec: EncodeSettings.Codec, _ format: PixelFormat, _ name: String) throws {
    let path = folder.file(codec == .prores4444 || codec == .png ? "out.mov" : "out.mkv")
    let warnings = try FrameFixture.info(width: 80, height: 64, format: format, frameCount: 3).write(path, codec: codec)
    #expect(try ForeignTool.probe(path, "stream=pix_fmt")[0].hasPrefix(name))
    let kept = try MediaSource.open(path).info.format
    let isNarrowed = kept.bitDepth < format.bitDepth || (kept.layout != format.layout && codec != .prores4444)
    #expect(warnings.isEmpty == !isNarrowed, "\(warnings)")
  }

  @Test(arguments: [EncodeSettings.Codec.h264, .h265, .vp9, .ffv1, .prores4444, .png], [(73, 67), (74, 67), (73, 66)])
  func framesOfOddSizesComeOutAtTheirSize(_ codec: EncodeSettings.Codec, _ size: (Int, Int)) throws {
    let path = folder.file(codec == .prores4444 ? "out.mov" : "out.mkv")
    let info = FrameFixture.info(width: size.0, height: size.1, frameCount: 3)
    _ = try info.write(path, codec: codec)
    let source = try MediaSource.open(path)
    #expect(source.info.width == size.0 && source.info.height == size.1 && source.info.frameCount == 3)
  }

  @Test(arguments: [(33, 27), (64, 62), (2, 2)])
  func smallFramesAreRefusedByH265AndTakenByH264(_ width: Int, _ height: Int) throws {
    let info = FrameFixture.info(width: width, height: height, frameCount: 2)
    #expect(code { try info.write(folder.file("small.mp4"), codec: .h265) } == .unsupported)
    _ = try info.write(folder.file("small.mp4"))
    #expect(try MediaSource.open(folder.file("small.mp4")).info.frameCount == 2)
  }

  @Test(arguments: ["mp4", "mov", "mkv"])
  func colorTagsAndShapeAreKept(_ suffix: String) throws {
    let color = ColorDescription(range: .full, matrixCode: 9, primariesCode: 9, transferCode: 16, siting: .topLeft)
    var info = FrameFixture.info(format: PixelFormat(.yuv420, bitDepth: 10), color: color)
    info.sampleAspectRatio = Rational(4, 3)
    let path = folder.file("out." + suffix)
    _ = try info.write(path)
    let tags = "stream=sample_aspect_ratio,color_range,color_space,color_transfer,color_primaries,chroma_location"
    #expect(try ForeignTool.probe(path, tags) == ["4:3,pc,bt2020nc,smpte2084,bt2020,topleft"])
  }

  static let turns = (0..<4).flatMap { turn in [false, true].map { Orientation(quarterTurns: turn, mirrored: $0) } }

  @Test(arguments: turns) func mp4SaysHowThePictureIsTurned(_ orientation: Orientation) throws {
    let info = FrameFixture.info(frameCount: 2, orientation: orientation)
    _ = try info.write(folder.file("out.mp4"))
    #expect(try MediaSource.open(folder.file("out.mp4")).info.orientation == orientation)
  }

  @Test(arguments: turns) func otherContainersGetThePictureTurned(_ orientation: Orientation) throws {
    let format = PixelFormat(.yuv444)
    let info = FrameFixture.info(format: format, frameCount: 1, orientation: orientation)
    let warnings = try info.write(folder.file("out.mkv"), codec: .ffv1)
    #expect(warnings.isEmpty == (orientation == .upright))
    let source = try MediaSource.open(folder.file("out.mkv"))
    #expect(source.info.orientation == .upright)
    #expect(try source.frame(at: 0).frame.planes == FrameFixture.frame(0, format).turned(by: orientation).planes)
  }

  @Test func a422PictureOnItsSideIs444() throws {
    let frame = FrameFixture.frame(0, width: 5, height: 4, PixelFormat(.yuv422))
    let turned = try frame.turned(by: Orientation(quarterTurns: 1))
    #expect(turned.format == PixelFormat(.yuv444) && turned.width == 4 && turned.height == 5)
    #expect(turned.planes[1][0, 4] == frame.planes[1][2, 3])
  }
}
