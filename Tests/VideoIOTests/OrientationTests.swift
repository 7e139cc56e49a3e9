import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// Pictures, points and regions turn as players turn them.
@Suite struct OrientationTests {
  static let all = [false, true].flatMap { mirrored in
    (0..<4).map { Orientation(quarterTurns: $0, mirrored: mirrored) }
  }

  @Test(arguments: all)
  func codedUndoesDisplayed(orientation: Orientation) {
    let plane = Plane<UInt8>(width: 5, height: 3, samples: Array(0..<15))
    let shown = orientation.displayed(plane)
    #expect(orientation.coded(shown) == plane)
    for y in 0..<3 {
      for x in 0..<5 {
        let place = orientation.displayed(x: x, y: y, codedWidth: 5, codedHeight: 3)
        #expect(shown[place.x, place.y] == plane[x, y])
        #expect(orientation.coded(x: place.x, y: place.y, codedWidth: 5, codedHeight: 3) == (x, y))
      }
    }
    let region = Region(x: 1, y: 0, width: 3, height: 2)
    let turned = orientation.displayed(region, codedWidth: 5, codedHeight: 3)
    #expect(Set(shown.cropped(to: turned).samples) == Set(plane.cropped(to: region).samples))
    #expect(orientation.coded(turned, codedWidth: 5, codedHeight: 3) == region)
    let image = RGBImage(width: 5, height: 3, pixels: plane.samples.map { SIMD4(UInt16($0), 1, 2, 0) })
    #expect(orientation.displayed(image).pixels.map { UInt8($0.x) } == shown.samples)
    #expect(orientation.coded(orientation.displayed(image)) == image)
  }

  /// Writes each matrix into a file's track header; FFmpeg's command, which turns pictures itself, is the judge.
  @Test(arguments: all)
  func matrixIsReadAsPlayersReadIt(orientation: Orientation) throws {
    let upright = try TestMedia.pattern(
      "upright.mp4", size: "64x48", frames: 2, ["-c:v", "libx264", "-qp", "0", "-pix_fmt", "yuv444p"])
    var bytes = try ByteSurgery.bytes(upright)
    let header = try #require(ByteSurgery.boxes(bytes).first { $0.kind == "tkhd" })
    let one: Int32 = 1 << 16
    let axes: [(x: Int32, y: Int32)] = [(one, 0), (0, one), (-one, 0), (0, -one)]
    let across = axes[(orientation.quarterTurns + (orientation.mirrored ? 2 : 0)) % 4]
    let down = axes[(orientation.quarterTurns + 1) % 4]
    let matrix = [across.x, across.y, 0, down.x, down.y, 0, 0, 0, 1 << 30]
    for (index, entry) in matrix.enumerated() {
      withUnsafeBytes(of: entry.bigEndian) { raw in
        for (i, byte) in raw.enumerated() { bytes[header.offset + 48 + 4 * index + i] = byte }
      }
    }
    let name = "turned-\(orientation.quarterTurns)-\(orientation.mirrored).mp4"
    let path = TestMedia.folder + "/" + name
    try ByteSurgery.write(bytes, path)
    let source = try VideoFileSource(path)
    #expect(source.info.orientation == orientation)
    let raw = TestMedia.folder + "/\(name).gray"
    try TestMedia.ffmpeg(["-i", path, "-frames:v", "1", "-vf", "extractplanes=y", "-f", "rawvideo", "-y", raw])
    guard case .bytes(let luma) = try source.frame(at: 0).frame.planes[0] else { throw TestMedia.Failure.shape }
    #expect(try orientation.displayed(luma).samples == ByteSurgery.bytes(raw))
  }
}

extension TestMedia.Failure {
  static let shape = TestMedia.Failure("not of the expected shape")
}
