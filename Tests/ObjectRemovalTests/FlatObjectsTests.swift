import Foundation
import Imaging
import Motion
import TestSupport
import Testing
import VideoIO

@testable import ObjectRemoval

/// What is marked is followed as something flat only where it surely is.
@Suite struct FlatObjectsTests {
  private static let sign = Region(x: 40, y: 30, width: 70, height: 40)

  /// A folder of frames that show a textured wall come nearer, and a mask of a rectangle on it.
  private func wall() throws -> (frames: String, mask: String, folder: String) {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cleanplate-" + UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder + "/frames", withIntermediateDirectories: true)
    for t in 0..<8 {
      let motion = Homography([
        1 + 0.006 * Double(t), 0, 1.5 * Double(t), 0, 1 + 0.006 * Double(t), 0, 0, 0, 1,
      ])
      let luma = FlowScene(width: 160, height: 110, layers: [.init(motion: motion, seed: 31, scale: 30)]).second
      let image = RGBImage(width: 160, height: 110, rgb: luma.samples.flatMap { [$0, $0, $0] })
      try StillImage.write(image, folder + "/frames/" + String(format: "%05d.png", t))
    }
    var mask = Mask(width: 160, height: 110)
    for y in Self.sign.y..<Self.sign.maxY { for x in Self.sign.x..<Self.sign.maxX { mask.labels[x, y] = 1 } }
    try MaskFile.write(mask, to: folder + "/mask.png")
    return (folder + "/frames", folder + "/mask.png", folder)
  }

  private func report(
    _ input: String, _ mask: String, frame: Int = 0, in folder: String,
    _ change: (inout RemovalSettings) -> Void = { _ in }
  ) throws -> RemovalReport {
    var settings = RemovalSettings(threads: 2)
    settings.overwrites = true
    change(&settings)
    return try RemovalJob(
      input: input, output: nil, prompts: [.mask(mask, frame: frame)], maskOutput: folder + "/out/",
      settings: settings
    ).run()
  }

  @Test func aSignIsRecognisedUnlessThatIsRefused() throws {
    let wall = try wall()
    defer { try? FileManager.default.removeItem(atPath: wall.folder) }
    let flat = try report(wall.frames, wall.mask, in: wall.folder)
    #expect(flat.isRecognisedAsFlat == true)
    #expect(flat.frames.allSatisfy { $0.corners?["1"]?.count == 4 })
    let refused = try report(wall.frames, wall.mask, in: wall.folder) { $0.recognisesFlat = false }
    #expect(refused.isRecognisedAsFlat == nil && refused.frames.allSatisfy { $0.corners == nil })
  }

  @Test func whatShowsTooLittleToBeFollowedIsSaid() throws {
    let wall = try wall()
    defer { try? FileManager.default.removeItem(atPath: wall.folder) }
    let followed = try report(wall.frames, wall.mask, in: wall.folder) { $0.tracker = "planar" }
    #expect(!followed.warnings.contains { $0.contains("--no-planar") })
    // From the second frame on another wall.
    let luma = FlowScene(width: 160, height: 110, layers: [.init(motion: .identity, seed: 77, scale: 30)]).second
    let other = RGBImage(width: 160, height: 110, rgb: luma.samples.flatMap { [$0, $0, $0] })
    for t in 1..<8 { try StillImage.write(other, wall.frames + "/" + String(format: "%05d.png", t)) }
    let lost = try report(wall.frames, wall.mask, in: wall.folder) {
      $0.tracker = "planar"
      $0.crossesCuts = true
    }
    #expect(lost.warnings.contains { $0.contains("object 1") && $0.contains("--no-planar") })
  }

  @Test func aWalkerIsNotRecognisedNorABoxAroundOne() throws {
    let clip = try RenderedClip(marked: .objectsAlone)
    let walker = try MaskFile.read(clip.masks + "00004.png")
    #expect(try report(clip.video, clip.masks + "00004.png", frame: 4, in: clip.folder).isRecognisedAsFlat == nil)
    let box = try #require(walker.coverage(of: 1).boundingBox)
    var boxed = Mask(width: walker.width, height: walker.height)
    for y in box.y..<box.maxY { for x in box.x..<box.maxX { boxed.labels[x, y] = 1 } }
    try MaskFile.write(boxed, to: clip.folder + "/box.png")
    #expect(try report(clip.video, clip.folder + "/box.png", frame: 4, in: clip.folder).isRecognisedAsFlat == nil)
  }
}
