import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

@testable import ObjectRemoval

/// Prompts on more frames, with what was tracked before at hand.
@Suite struct CorrectionTests {
  private func track(
    _ clip: RenderedClip, _ marked: [Int], to name: String, work: String? = nil,
    _ change: (inout RemovalSettings) -> Void = { _ in }
  ) throws -> (report: RemovalReport, masks: [Mask]) {
    var settings = RemovalSettings(threads: 2)
    change(&settings)
    let job = RemovalJob(
      input: clip.video, output: nil, prompts: marked.map { .mask(clip.mask($0), frame: $0) },
      maskOutput: clip.folder + "/\(name)/", workFolder: work, settings: settings)
    let report = try job.run()
    let masks = try (0..<clip.scene.frameCount).map {
      try MaskFile.read(clip.folder + "/\(name)/" + String(format: "%05d.png", $0))
    }
    return (report, masks)
  }

  @Test func onlyWhatTheyChangeIsTrackedAnewToTheSameMasks() throws {
    let clip = try RenderedClip()
    let work = clip.folder + "/work"
    _ = try track(clip, [2, 14], to: "first", work: work)
    let corrected = try track(clip, [2, 8, 14], to: "corrected", work: work)
    // Frames 0 to 2 backward and 14 to 23 forward.
    #expect(corrected.report.resumedFrames == 13)
    let fresh = try track(clip, [2, 8, 14], to: "fresh")
    #expect(corrected.masks == fresh.masks)
    #expect(corrected.report.frames == fresh.report.frames)
    let undone = try track(clip, [2, 14], to: "undone", work: work)
    #expect(undone.report.resumedFrames == 3 + 12 + 12 + 10)
  }

  @Test func anEmptyMaskSaysThatNothingIsThere() throws {
    let clip = try RenderedClip(frames: 12)
    let empty = clip.folder + "/empty.png"
    try MaskFile.write(Mask(width: 160, height: 96), to: empty)
    let job = RemovalJob(
      input: clip.video, output: nil, prompts: [.mask(clip.mask(2), frame: 2), .mask(empty, frame: 7)],
      maskOutput: clip.folder + "/emptied/", settings: RemovalSettings(threads: 2))
    _ = try job.run()
    let masks = try (0..<12).map { try MaskFile.read(clip.folder + "/emptied/" + String(format: "%05d.png", $0)) }
    #expect(masks[7].isEmpty)
    #expect(try masks[..<7] == track(clip, [2], to: "before").masks[..<7])
  }

  @Test func aDirectionLeavesTheOtherSideAlone() throws {
    let clip = try RenderedClip(frames: 12)
    let forward = try track(clip, [6], to: "forward") { $0.direction = .forward }
    #expect(forward.masks[..<6].allSatisfy(\.isEmpty) && !forward.masks[6].isEmpty)
    let backward = try track(clip, [6], to: "backward") { $0.direction = .backward }
    #expect(backward.masks[7...].allSatisfy(\.isEmpty) && !backward.masks[6].isEmpty)
  }

  @Test func theReportHoldsEveryFramesConfidenceAndTheCornersOfFlatThings() throws {
    let clip = try RenderedClip(frames: 8)
    let box = Region(x: 20, y: 16, width: 60, height: 40)
    var mask = Mask(width: 160, height: 96)
    for y in box.y..<box.maxY { for x in box.x..<box.maxX { mask.labels[x, y] = 1 } }
    try MaskFile.write(mask, to: clip.folder + "/flat.png")
    var settings = RemovalSettings(threads: 2)
    settings.tracker = "planar"
    let report = try RemovalJob(
      input: clip.video, output: nil, prompts: [.mask(clip.folder + "/flat.png")],
      maskOutput: clip.folder + "/flat/", settings: settings
    ).run()
    #expect(report.frames.map(\.frame) == Array(0..<8))
    #expect(report.frames.allSatisfy { $0.confidence["1"] != nil })
    let corners = try #require(report.frames[0].corners?["1"])
    #expect(corners == [SIMD2(19.5, 15.5), SIMD2(79.5, 15.5), SIMD2(79.5, 55.5), SIMD2(19.5, 55.5)])
  }
}

extension RenderedClip {
  fileprivate func mask(_ frame: Int) -> String { masks + String(format: "%05d.png", frame) }
}
