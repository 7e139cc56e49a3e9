import Foundation
import Imaging
import Testing

@testable import VideoIO

/// Masks as other programs write them, made by ffmpeg from raw pixels.
@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg"))
struct MaskFormTests {
  let folder = ScratchFolder()
  let mask = MaskFixture.mask(1)

  /// Writes `pixels`, laid out as `format`, into an image file.
  func image(_ name: String, _ format: String, _ pixels: [UInt8], _ more: [String] = []) throws -> String {
    let (raw, path) = (folder.file("raw"), folder.file(name))
    try Data(pixels).write(to: URL(fileURLWithPath: raw))
    try ForeignTool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", format, "-s", "40x30", "-i", raw]
        + more + ["-frames:v", "1", path])
    return path
  }

  func each(_ pixel: (UInt8) -> [UInt8]) -> [UInt8] { mask.labels.samples.flatMap(pixel) }

  var binary: Mask { Mask(labels: mask.labels.map { $0 == 0 ? 0 : 1 }) }

  @Test func greyBlackAndWhiteIsObjectOne() throws {
    #expect(try MaskFile.read(image("bw.png", "gray", each { [$0 == 0 ? 0 : 255] })) == binary)
    #expect(try MaskFile.read(image("bw.bmp", "gray", each { [$0 == 0 ? 0 : 255] })) == binary)
    #expect(try MaskFile.read(image("one.png", "monob", [UInt8](repeating: 0xF0, count: 150))).objects == [1])
  }

  @Test func greyValuesAreLabels() throws {
    #expect(try MaskFile.read(image("labels.png", "gray", each { [$0] })) == mask)
    #expect(try MaskFile.read(image("high.png", "gray", each { [$0 == 0 ? 0 : $0 + 200] })).objects == [201, 202, 203])
  }

  @Test func deepGreyIsReadByItsValues() throws {
    #expect(try MaskFile.read(image("a.png", "gray16be", each { $0 == 0 ? [0, 0] : [255, 255] })) == binary)
    #expect(try MaskFile.read(image("b.png", "gray16be", each { [0, $0] })) == mask)
    #expect(try MaskFile.read(image("c.png", "gray16be", each { [$0, $0] })) == mask)
    #expect(code { try MaskFile.read(image("d.png", "gray16be", each { [$0 * 40, 17] })) } == .mismatch)
  }

  @Test func colorsOfThePaletteAreLabels() throws {
    let colored = each { label in
      let color = Mask.paletteColor(label)
      return [color.red, color.green, color.blue]
    }
    #expect(try MaskFile.read(image("rgb.png", "rgb24", colored)) == mask)
    #expect(
      try MaskFile.read(image("white.png", "rgb24", each { [UInt8](repeating: $0 == 0 ? 0 : 255, count: 3) })) == binary
    )
    let error = #expect(throws: VideoIOError.self) {
      try MaskFile.read(image("other.png", "rgb24", each { [$0 &* 50, 77, 3] }))
    }
    #expect(error?.code == .mismatch && error?.message.contains("RGB") == true)
  }

  @Test func alphaIsTheMaskWhereItVaries() throws {
    #expect(try MaskFile.read(image("matte.png", "rgba", each { [255, 255, 255, $0 == 0 ? 0 : 255] })) == binary)
    #expect(try MaskFile.read(image("cutout.png", "rgba", each { [9, 200, 31, $0 == 0 ? 0 : 255] })) == binary)
    #expect(try MaskFile.read(image("ya.png", "ya8", each { [255, $0 == 0 ? 100 : 200] })) == binary)
    #expect(try MaskFile.read(image("opaque.png", "rgba", each { [$0, $0, $0, 255] })) == mask)
    let colored = each { label in
      let color = Mask.paletteColor(label)
      return [color.red, color.green, color.blue, label == 0 ? 0 : 255]
    }
    #expect(try MaskFile.read(image("labels.png", "rgba", colored)) == mask)
  }

  @Test func jpegIsCutInTheMiddle() throws {
    let read = try MaskFile.read(image("m.jpg", "gray", each { [$0 == 0 ? 0 : 255] }, ["-q:v", "2"]))
    #expect(zip(read.labels.samples, binary.labels.samples).count { $0 != $1 } < 12)
    #expect(read.objects == [1])
  }

  @Test func softEdgesAreCutWithAWarning() throws {
    let ramp: [UInt8] = [0, 10, 60, 130, 180, 240, 250, 255]
    var pixels = [UInt8](repeating: 0, count: 1200)
    for y in 5..<25 {
      for x in 10..<38 { pixels[y * 40 + x] = ramp[min(7, x - 10)] }
    }
    let path = try image("soft.png", "gray", pixels)
    let source = try MaskFixture.open(path)
    #expect(try source.mask(at: 0).objects == [1] && source.mask(at: 0).labels[13, 10] == 1)
    #expect(try source.mask(at: 0).labels[12, 10] == 0)
    #expect(source.warnings.count == 1)
  }

  @Test func photographsAreNoMasks() throws {
    let noise = (0..<1200).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    for format in ["gray", "jpg"] {
      let path = try image("photo." + (format == "jpg" ? "jpg" : "png"), "gray", noise)
      #expect(code { try MaskFile.read(path) } == .mismatch)
    }
  }

  /// Programs that reduce colours put white first as often as black.
  @Test func aPaletteOfBlackAndWhiteIsBlackAndWhite() throws {
    for (name, first) in [("white-first.png", UInt8(255)), ("black-first.png", 0)] {
      var palette: [UInt8] = []
      for index in 0..<256 { palette += [UInt8](repeating: index == 0 ? first : 255 - first, count: 3) + [255] }
      let white: UInt8 = first == 255 ? 0 : 1
      let indices = mask.labels.samples.map { $0 == 0 ? 1 - white : white }
      #expect(try MaskFile.read(image(name, "pal8", indices + palette, ["-pix_fmt", "pal8"])) == binary)
    }
  }

  @Test func paletteIndicesAreLabelsWhateverTheColors() throws {
    let (raw, path) = (folder.file("raw"), folder.file("odd.png"))
    // A palette in which index 0 is white and index 2 black.
    var palette: [UInt8] = []
    for index in 0..<256 { palette += index == 0 ? [255, 255, 255, 255] : [0, UInt8(index == 1 ? 9 : 0), 0, 255] }
    try Data(mask.labels.samples + palette).write(to: URL(fileURLWithPath: raw))
    try ForeignTool.ffmpeg("-f", "rawvideo", "-pix_fmt", "pal8", "-s", "40x30", "-i", raw, "-pix_fmt", "pal8", path)
    #expect(try MaskFile.read(path) == mask)
  }

  @Test func stillImagesAreWrittenAndRead() throws {
    let bytes = (0..<40 * 30 * 3).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let picture = RGBImage(width: 40, height: 30, rgb: bytes)
    try StillImage.write(picture, folder.file("p.png"))
    #expect(try StillImage.readRGB(folder.file("p.png")) == picture)
    #expect(try StillImage.read(folder.file("p.png")).format == PixelFormat(.rgb))
  }
}
