import Foundation
import Imaging
import ObjectRemoval
import TestSupport
import Testing
import VideoIO

/// A box around a mark that stands still on the screen.
@Suite(.serialized)
struct StillBoxTests {
  private static let frames = 12
  private static let box = Region(x: 24, y: 60, width: 110, height: 30)
  private static let letters = 8 * 3 * 16

  /// A ground of waves that moves 2 pixels a frame.
  private static func ground(_ index: Int) -> RGBImage {
    var image = RGBImage(width: 160, height: 96)
    for y in 0..<96 {
      for x in 0..<160 {
        let wave = abs(Float((x + 2 * index) % 90) - 45) + Float(y) / 3
        image[x, y] = RGBImage.fixed(SIMD4(80 + wave, 90 + wave, 60 + wave / 2, 0))
      }
    }
    return image
  }

  /// White bars as a subtitle over it.
  private static func subtitled() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/studio-subtitle-\(UUID().uuidString).mp4"
    let info = MediaInfo(
      rendered: frames, width: 160, height: 96, format: PixelFormat(.yuv420), color: .bt709,
      frameRate: Rational(24, 1), soundPath: nil)
    let sink = try MediaSink.open(
      path, source: info, range: 0...frames - 1, times: (0, Double(frames) / 24), settings: EncodeSettings(),
      force: false)
    for index in 0..<frames {
      var image = ground(index)
      for bar in 0..<8 {
        for y in 66..<82 {
          for x in 32 + 12 * bar..<35 + 12 * bar { image[x, y] = RGBImage.fixed([250, 250, 250, 0]) }
        }
      }
      try sink.write(try Frame(image, format: info.format, color: info.color), time: Int64(index), duration: 1)
    }
    try sink.finish()
    return path
  }

  @Test func takesTheLettersAndLeavesThePictureBetweenThem() throws {
    let clip = try Self.subtitled()
    defer { unlink(clip) }
    let server = try StudioServer()
    let project = try server.project(of: clip)
    let path = "/api/v1/projects/\(project)"
    let changed = try server.request(
      "PATCH", path, headers: ["X-Cleanplate-CSRF": server.forgery],
      body: Data("{\"settings\": {\"still\": true}}".utf8))
    #expect(changed.status == 200)
    let box = Self.box
    let prompt = "{\"frame\": 6, \"object\": 1, \"box\": [\(box.x), \(box.y), \(box.width), \(box.height)]}"
    let answer = try server.post(path + "/select", prompt).json(Anything.self)
    let bounds = Double(Self.letters)..<Double(box.area) * 3 / 4
    #expect(bounds.contains(answer["candidates"].list.first?["pixels"].number ?? 0))
    #expect(try server.wait(server.submit(project, "{\"kind\": \"track\"}"))["state"].text == "done")
    for frame in [0, 6, 11] {
      let file = server.data + "/mask-\(frame).png"
      try server.get(path + "/masks/\(frame).png").body.write(to: URL(fileURLWithPath: file))
      let pixels = try MaskFile.read(file).labels.samples.count { $0 == 1 }
      #expect(bounds.contains(Double(pixels)), "frame \(frame)")
    }
  }
}
