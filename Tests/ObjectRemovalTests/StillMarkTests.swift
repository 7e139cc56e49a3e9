import Foundation
import Imaging
import Testing
import VideoIO

@testable import ObjectRemoval

@Suite struct StillMarkTests {
  private static let box = Region(x: 24, y: 60, width: 110, height: 30)
  private static let titled = 4..<10

  /// A ground of waves and grain that moves 2 pixels a frame.
  private static func ground(_ index: Int) -> RGBImage {
    var image = RGBImage(width: 160, height: 96)
    for y in 0..<96 {
      for x in 0..<160 {
        let u = x + 2 * index
        var noise = SplitMix64(seed: UInt64(u * 100 + y))
        let wave = abs(Float(u % 90) - 45) + Float(y) / 3
        let grain = Float(noise.next() % 9)
        image[x, y] = RGBImage.fixed(SIMD4(80 + wave + grain, 90 + wave + grain, 60 + wave / 2 + grain, 0))
      }
    }
    return image
  }

  /// A folder of images with white bars as a subtitle on some frames.
  private static func subtitledClip(frames: Int) throws -> (folder: String, truth: [RGBImage]) {
    let folder = NSTemporaryDirectory() + "still-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder + "/in", withIntermediateDirectories: true)
    var truth: [RGBImage] = []
    for index in 0..<frames {
      var image = ground(index)
      truth.append(image)
      if titled.contains(index) {
        for bar in 0..<8 {
          for y in 66..<82 {
            for x in 32 + 12 * bar..<35 + 12 * bar { image[x, y] = RGBImage.fixed([250, 250, 250, 0]) }
          }
        }
      }
      try StillImage.write(image, folder + String(format: "/in/%05d.png", index))
    }
    return (folder, truth)
  }

  @Test func aSubtitleLeavesAndThePictureBetweenItsLettersStays() throws {
    let clip = try Self.subtitledClip(frames: 14)
    defer { try? FileManager.default.removeItem(atPath: clip.folder) }
    var settings = RemovalSettings(threads: 2)
    settings.marksAreStill = true
    let box = Self.box
    let job = RemovalJob(
      input: clip.folder + "/in", output: clip.folder + "/out/",
      prompts: [.box(box.x, box.y, box.width, box.height, frame: 6)], settings: settings)
    let report = try job.run()
    let boxArea = box.width * box.height
    for entry in report.frames where Self.titled.contains(entry.frame) {
      #expect(entry.holePixels > 8 * 3 * 16 && entry.holePixels < boxArea * 3 / 4)
    }
    var error = 0.0
    let output = try MediaSource.open(clip.folder + "/out")
    for (index, truth) in clip.truth.enumerated() {
      let result = RGBImage(try output.frame(at: index).frame)
      let difference = zip(result.rgbBytes, truth.rgbBytes).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
      if !(2..<12).contains(index) { #expect(difference == 0, "frame \(index) has no text") }
      for (a, b) in zip(result.rgbBytes, truth.rgbBytes) { error += Double(Int(a) - Int(b)) * Double(Int(a) - Int(b)) }
    }
    let letters = Double(Self.titled.count * 8 * 3 * 16 * 3)
    #expect((error / letters).squareRoot() < 40, "white letters differ from this ground by more than 100 levels")
  }
}
