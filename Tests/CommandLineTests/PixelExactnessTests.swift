import Foundation
import Imaging
import TestSupport
import Testing
import VideoIO

/// Outside the mask every sample leaves as it came, bit for bit, through a lossless file.
struct PixelExactnessTests {
  @Test(arguments: [
    PixelFormat(.yuv420), PixelFormat(.yuv420, bitDepth: 10), PixelFormat(.yuv422, bitDepth: 10),
    PixelFormat(.yuv444), PixelFormat(.rgb), PixelFormat(.grey),
  ])
  func samplesOutsideTheMaskKeepTheirBits(_ format: PixelFormat) throws {
    let space = try Workspace()
    let scene = SyntheticScene(width: 98, height: 66, frameCount: 6, seed: 8, options: .with { $0.noise = 4 })
    try scene.write(to: space.file("in.mkv"), format: format, settings: EncodeSettings(codec: .ffv1))
    let masks = try space.masks("masks", of: scene)
    let result = try Tool.run(
      "inpaint", space.file("in.mkv"), "--masks", masks, "--dilate", "0", "--output", space.file("out.mkv"), "--codec",
      "ffv1")
    #expect(result.code == 0, "\(result.summary)")
    let before = try MediaSource.open(space.file("in.mkv"))
    let after = try MediaSource.open(space.file("out.mkv"))
    #expect(before.info.format == format && after.info.format == format)
    #expect(after.info.color == before.info.color)
    for index in 0..<6 {
      let (old, new) = (try before.frame(at: index), try after.frame(at: index))
      let hole = scene.frame(index).objects.coverage()
      #expect(changesOutside(hole, old.frame, new.frame) == 0)
      #expect(old.frame != new.frame)
      #expect(
        old.time * Int64(before.info.timeBase.numerator) * Int64(after.info.timeBase.denominator)
          == new.time * Int64(after.info.timeBase.numerator) * Int64(before.info.timeBase.denominator))
    }
  }

  /// Samples that differ and share no luma sample with the hole.
  private func changesOutside(_ hole: Plane<UInt8>, _ a: Frame, _ b: Frame) -> Int {
    var count = 0
    for index in a.planes.indices {
      let isChroma = a.format.layout != .grey && (index == 1 || index == 2)
      let shift = isChroma ? a.format.chromaShift : (0, 0)
      for y in 0..<a.planes[index].height {
        for x in 0..<a.planes[index].width where a.planes[index][x, y] != b.planes[index][x, y] {
          let covered = (y << shift.1..<min(hole.height, (y + 1) << shift.1)).contains { row in
            (x << shift.0..<min(hole.width, (x + 1) << shift.0)).contains { hole[$0, row] != 0 }
          }
          if !covered { count += 1 }
        }
      }
    }
    return count
  }
}
