import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

@testable import ObjectRemoval

/// Options that must bring the result of the whole job nearer to the truth.
@Suite struct RemovalFlagTests {
  /// The job's pictures.
  private func removed(
    _ input: String, masks: String, to output: String, _ change: (inout RemovalSettings) -> Void
  ) throws -> [RGBImage] {
    var settings = RemovalSettings(threads: 2)
    change(&settings)
    _ = try RemovalJob(input: input, output: output, masks: masks, settings: settings).run()
    let source = try MediaSource.open(output)
    return try (0..<source.info.frameCount).map { RGBImage(try source.frame(at: $0).frame) }
  }

  private func squaredError(_ results: [RGBImage], _ truth: [RGBImage], where isLookedAt: (Int, Int) -> Bool) -> Float {
    var (sum, count) = (Float(0), Float(0))
    for (index, (result, truth)) in zip(results, truth).enumerated() {
      for pixel in result.pixels.indices where isLookedAt(index, pixel) {
        let d = (SIMD4<Float>(result.pixels[pixel]) - SIMD4<Float>(truth.pixels[pixel])) / 256
        sum += (d * d).sum() / 3
        count += 1
      }
    }
    return sum / max(1, count)
  }

  @Test func withShadowTheWalkersShadowLeavesToo() throws {
    let clip = try RenderedClip(
      width: 240, height: 136, frames: 40, options: .with { $0.hasTree = false }, marked: .objectsAlone)
    let truth = (0..<40).map { clip.scene.frame($0) }
    func error(_ name: String, includesShadows: Bool) throws -> Float {
      let results = try removed(clip.video, masks: clip.masks, to: "\(clip.folder)/\(name)/") {
        $0.includesShadows = includesShadows
      }
      return squaredError(results, truth.map(\.cleanPlate)) { index, pixel in
        truth[index].shadow.samples[pixel] != 0 && truth[index].objects.labels.samples[pixel] == 0
      }
    }
    let without = try error("without", includesShadows: false)
    let with = try error("with", includesShadows: true)
    #expect(with * 3 < without, "squared error \(with) with the shadow taken, \(without) with it left")
  }

  /// A grey box of half transparency stands on a moving ground with noise of its own in each frame, which the box alone
  /// tells.
  @Test func aTranslucentMarkComesOffByItsOwnTransparency() throws {
    let folder = NSTemporaryDirectory() + "translucent-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["in", "masks"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    let box = Region(x: 50, y: 30, width: 40, height: 24)
    var mask = Mask(width: 160, height: 96)
    var random = SplitMix64(seed: 5)
    var truth: [RGBImage] = []
    for y in box.y..<box.maxY { for x in box.x..<box.maxX { mask.labels[x, y] = 1 } }
    for index in 0..<24 {
      var image = RGBImage(width: 160, height: 96)
      for y in 0..<96 {
        for x in 0..<160 {
          let u = x + 2 * index
          let level = Float(60 + 6 * abs(u % 26 - 13) + 2 * abs((u / 3 + y) % 34 - 17)) + Float(random.next() % 11) - 5
          image[x, y] = RGBImage.fixed(SIMD4(level, level * 0.9, level * 0.7, 0))
        }
      }
      truth.append(image)
      for pixel in image.pixels.indices where mask.labels.samples[pixel] != 0 {
        image.pixels[pixel] = RGBImage.fixed(SIMD4<Float>(image.pixels[pixel]) * (0.5 / 256) + SIMD4(110, 110, 110, 0))
      }
      try StillImage.write(image, folder + String(format: "/in/%05d.png", index))
      try MaskFile.write(mask, to: folder + String(format: "/masks/%05d.png", index))
    }
    func error(_ name: String, isTranslucent: Bool) throws -> Float {
      let results = try removed("\(folder)/in", masks: "\(folder)/masks", to: "\(folder)/\(name)/") {
        $0.marksAreTranslucent = isTranslucent
      }
      return squaredError(results, truth) { _, pixel in mask.labels.samples[pixel] != 0 }
    }
    let without = try error("without", isTranslucent: false)
    let with = try error("with", isTranslucent: true)
    #expect(with * 3 < without, "squared error \(with) by its transparency, \(without) without")
  }
}
