import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

struct SceneClipTests {
  private let scene = SyntheticScene(width: 96, height: 64, frameCount: 6, seed: 3)

  @Test func aWrittenClipHasItsFramesRateAndSound() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "scene-\(UUID().uuidString).mp4").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try scene.write(to: path, frameRate: Rational(30000, 1001), hasSound: true)
    let source = try MediaSource.open(path)
    #expect(source.info.frameCount == 6)
    #expect(source.info.frameRate == Rational(30000, 1001))
    #expect(source.info.streams.map(\.kind) == [.video, .audio])
    #expect(difference(RGBImage(try source.frame(at: 5).frame), scene.frame(5).image) < 8)
  }

  @Test func aFolderOfRGBImagesIsExact() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "scene-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try scene.write(.cleanPlate, to: path + "/", format: PixelFormat(.rgb))
    let source = try MediaSource.open(path)
    #expect(source.info.frameCount == 6)
    #expect(RGBImage(try source.frame(at: 2).frame).rgbBytes == scene.frame(2).cleanPlate.rgbBytes)
  }

  private func difference(_ a: RGBImage, _ b: RGBImage) -> Double {
    zip(a.rgbBytes, b.rgbBytes).reduce(0.0) { $0 + abs(Double($1.0) - Double($1.1)) } / Double(a.pixels.count * 3)
  }
}
