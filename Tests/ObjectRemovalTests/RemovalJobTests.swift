import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

@testable import ObjectRemoval

@Suite struct RemovalJobTests {
  func job(_ clip: RenderedClip, to name: String, _ change: (inout RemovalSettings) -> Void = { _ in }) -> RemovalJob {
    var settings = RemovalSettings(threads: 2)
    settings.encoding.codec = .ffv1
    change(&settings)
    return RemovalJob(input: clip.video, output: clip.folder + "/" + name, masks: clip.masks, settings: settings)
  }

  @Test(arguments: [8, 10]) func everySampleOutsideTheMaskStays(_ bitDepth: Int) throws {
    let clip = try RenderedClip(frames: 12, bitDepth: bitDepth)
    let report = try job(clip, to: "out.mkv").run()
    let before = try MediaSource.open(clip.video)
    let after = try MediaSource.open(clip.folder + "/out.mkv")
    #expect(after.info.frameCount == before.info.frameCount)
    var changedSamples = 0
    for index in 0..<before.info.frameCount {
      let (old, new) = (try before.frame(at: index), try after.frame(at: index))
      #expect(old.time == new.time)
      let hole = clip.scene.frame(index).changed
      for (plane, pair) in zip(old.frame.planes, new.frame.planes).enumerated() {
        let shift = plane == 0 ? 0 : 1
        for y in 0..<pair.0.height {
          for x in 0..<pair.0.width where pair.0[x, y] != pair.1[x, y] {
            changedSamples += 1
            let covered = (0...shift).contains { dy in
              (-shift...shift).contains { dx in
                let (px, py) = ((x << shift) + dx, (y << shift) + dy)
                return hole.bounds.contains(x: px, y: py) && hole[px, py] != 0
              }
            }
            #expect(covered, "plane \(plane), \(x),\(y) of frame \(index) changed outside the mask")
          }
        }
      }
    }
    #expect(changedSamples > 0)
    #expect(report.frames.allSatisfy { abs($0.borrowed + $0.madeUp + $0.abstained - 1) < 1e-6 })
  }

  @Test func theFillComesCloserToTheTruthThanTheObject() throws {
    let clip = try RenderedClip()
    _ = try job(clip, to: "out.mkv").run()
    let after = try MediaSource.open(clip.folder + "/out.mkv")
    var (with, without) = (0.0, 0.0)
    for index in 0..<after.info.frameCount {
      let truth = clip.scene.frame(index)
      let result = RGBImage(try after.frame(at: index).frame)
      for i in truth.changed.samples.indices where truth.changed.samples[i] != 0 {
        let plate = SIMD4<Float>(truth.cleanPlate.pixels[i])
        with += Double(((SIMD4<Float>(truth.image.pixels[i]) - plate) * (1 / 256)).sumOfSquares)
        without += Double(((SIMD4<Float>(result.pixels[i]) - plate) * (1 / 256)).sumOfSquares)
      }
    }
    #expect(without * 8 < with, "squared error \(without) against \(with) with the object in place")
  }

  @Test func threadsDoNotChangeTheResult() throws {
    let clip = try RenderedClip(frames: 10)
    _ = try job(clip, to: "one.mkv") { $0.threads = 1 }.run()
    _ = try job(clip, to: "three.mkv") { $0.threads = 3 }.run()
    #expect(try clip.bytes(clip.folder + "/one.mkv") == clip.bytes(clip.folder + "/three.mkv"))
  }

  @Test func aCancelledRunGoesOnToTheSameBytes() throws {
    let clip = try RenderedClip()
    _ = try job(clip, to: "whole.mkv").run()
    let broken = job(clip, to: "broken.mkv")
    var cancelled = 0
    for stage in [JobProgress.Stage.scan, .fill, .encode] {
      let cancellation = Cancellation()
      do {
        _ = try broken.run(cancellation: cancellation) { if $0.stage == stage { cancellation.cancel() } }
      } catch is CancellationError {
        cancelled += 1
        #expect(!FileManager.default.fileExists(atPath: clip.folder + "/broken.mkv"))
      }
    }
    #expect(cancelled == 3)
    let report = try broken.run()
    #expect(report.resumedFrames > 0)
    #expect(try clip.bytes(clip.folder + "/whole.mkv") == clip.bytes(clip.folder + "/broken.mkv"))
    #expect(!FileManager.default.fileExists(atPath: WorkFolder.path(besides: clip.folder + "/broken.mkv")))
  }

  @Test func nothingIsOverwrittenUnasked() throws {
    let clip = try RenderedClip(frames: 4)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: clip.folder + "/out.mkv"))
    #expect { try job(clip, to: "out.mkv").run() } throws: { ($0 as? VideoIOError)?.code == .exists }
    #expect(try clip.bytes(clip.folder + "/out.mkv") == Data("mine".utf8))
    _ = try job(clip, to: "out.mkv") { $0.overwrites = true }.run()
    #expect(try clip.bytes(clip.folder + "/out.mkv").count > 1000)
  }

  @Test func shotsAreFilledApartAndUnmarkedOnesAreNamed() throws {
    let clip = try RenderedClip()
    let folder = clip.folder + "/frames"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for index in 0..<24 {
      var image = clip.scene.frame(index).image
      if index >= 12 { image.pixels = image.pixels.map { SIMD4(65280, 65280, 65280, 0) &- $0 } }
      try StillImage.write(image, folder + String(format: "/%05d.png", index))
    }
    var job = job(clip, to: "out.mkv")
    job.input = folder
    job.masks = nil
    job.prompts = [.mask(clip.masks + "00002.png", frame: 2)]
    let report = try job.run()
    #expect(report.shotCuts == [12])
    #expect(report.warnings.contains { $0.contains("12 to 23") })
    #expect(report.frames.filter { $0.holePixels > 0 }.allSatisfy { $0.frame < 12 })
  }

  @Test func objectsAreFollowedFromAnyFrame() throws {
    let clip = try RenderedClip()
    var job = job(clip, to: "unused.mkv")
    job.output = nil
    job.masks = nil
    job.maskOutput = clip.folder + "/tracked/"
    job.prompts = [.mask(clip.masks + "00012.png", frame: 12)]
    let report = try job.run()
    #expect(report.frames.count == 24)
    var overlaps: [Double] = []
    for index in 0..<24 {
      let mask = try MaskFile.read(clip.folder + "/tracked/" + String(format: "%05d.png", index))
      let truth = clip.scene.frame(index).objects
      let both = zip(mask.labels.samples, truth.labels.samples).count { $0 != 0 && $1 != 0 }
      let either = zip(mask.labels.samples, truth.labels.samples).count { $0 != 0 || $1 != 0 }
      if either > 0 { overlaps.append(Double(both) / Double(either)) }
    }
    #expect(overlaps.reduce(0, +) / Double(overlaps.count) > 0.4)
  }

  @Test func anAsyncRunEndsWithItsTask() async throws {
    let clip = try RenderedClip()
    let job = job(clip, to: "out.mkv")
    let task = Task { try await job.run() }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test func aBudgetTooSmallIsSaidBeforeAnyWork() throws {
    let clip = try RenderedClip(frames: 3)
    #expect {
      try job(clip, to: "out.mkv") { $0.memory = 16 << 20 }.run()
    } throws: {
      ($0 as? RemovalError)?.code == .memory && "\($0)".contains("would do")
    }
  }

  @Test(arguments: [
    ([ObjectPrompt](), RemovalError.Code.badRequest), ([.point(5, 5, frame: 99)], .badRequest),
    ([.point(5000, 5)], .badRequest), ([.avoid(5, 5)], .badRequest), ([.box(900, 900, 5, 5)], .badRequest),
    ([.point(5, 5, object: 256)], .badRequest),
  ])
  func promptsThatMeanNothingAreRefused(_ prompts: [ObjectPrompt], _ code: RemovalError.Code) throws {
    let clip = try RenderedClip(frames: 3)
    var job = job(clip, to: "out.mkv")
    job.masks = nil
    job.prompts = prompts
    #expect { try job.run() } throws: { ($0 as? RemovalError)?.code == code }
  }
}

extension SIMD4<Float> {
  var sumOfSquares: Float { (self * self).sum() }
}
