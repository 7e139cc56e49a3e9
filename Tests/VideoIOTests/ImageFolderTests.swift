import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// Folders of images: order, sizes, numbering and depth.
@Suite struct ImageFolderTests {
  private static func folder(_ name: String, _ files: [(String, [UInt8])]) throws -> String {
    let path = TestMedia.folder + "/folder-" + name
    try? FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (file, bytes) in files { try ByteSurgery.write(bytes, path + "/" + file) }
    return path
  }

  /// A picture of one grey level, so that it tells its own number.
  private static func flat(_ level: Int, _ name: String, _ encoding: [String] = []) throws -> [UInt8] {
    try ByteSurgery.bytes(
      TestMedia.clip(
        name,
        ["-f", "lavfi", "-i", "color=size=40x30,format=gray,geq=lum=\(level)", "-frames:v", "1"] + encoding))
  }

  @Test func orderIsNatural() throws {
    let names = [
      "10.png", "2.png", "1.png", "a12b3.png", "a2b10.png", "a2b9.png", "A.png", "007.png", "7.png", "b.png",
    ]
    #expect(
      names.sorted(by: ImageListing.isBefore)
        == ["1.png", "2.png", "007.png", "7.png", "10.png", "A.png", "a2b9.png", "a2b10.png", "a12b3.png", "b.png"])
  }

  @Test func framesComeInNumberOrder() throws {
    let files = try (8...11).map { ("shot \($0).png", try Self.flat(10 * $0, "flat.png", ["-pix_fmt", "gray"])) }
    let path = try Self.folder("order", files.reversed() + [("notes.txt", [65]), (".hidden", [66])])
    let source = try MediaSource.open(path, frameRate: Rational(30000, 1001))
    #expect(source.info.frameCount == 4 && source.info.container == "images")
    #expect(source.info.frameRate == Rational(30000, 1001) && source.info.timeBase == Rational(1001, 30000))
    #expect(source.info.warnings.count == 1 && source.info.warnings[0].contains("notes.txt"))
    for index in [3, 0, 2, 1] {
      let frame = try source.frame(at: index)
      #expect(frame.frame.planes[0][5, 5] == 10 * (8 + index))
      #expect(frame.time == Int64(index) && frame.duration == 1)
    }
  }

  @Test(arguments: [
    ("png", "rgb24"), ("png", "rgb48be"), ("png", "rgba64be"), ("png", "gray16be"), ("png", "pal8"), ("bmp", "bgr24"),
    ("tiff", "rgb48le"), ("tiff", "rgb24"), ("jpg", "yuvj420p"), ("jpg", "yuvj444p"),
    ("webp", "yuv420p"),
  ])
  func everyKindAndDepth(kind: String, format: String) throws {
    let image = try TestMedia.pattern("kind.\(kind)", size: "50x38", frames: 1, ["-pix_fmt", format])
    let bytes = try ByteSurgery.bytes(image)
    let source = try MediaSource.open(
      try Self.folder("\(kind)-\(format)", [("1.\(kind)", bytes), ("2.\(kind)", bytes)]))
    let depth = format.contains("48") || format.contains("64") || format.contains("16") ? 16 : 8
    #expect(source.info.format.bitDepth == depth)
    #expect(source.info.format.hasAlpha == ["rgba64be", "bgra"].contains(format))
    #expect(try source.frame(at: 1).frame == source.frame(at: 0).frame)
    #expect(ImageHeader(path: image) != nil)
  }

  @Test func mismatchesNameTheFile() throws {
    let small = try Self.flat(9, "small.png")
    let large = try ByteSurgery.bytes(TestMedia.pattern("large.png", size: "64x48", frames: 1, []))
    let cases: [(String, [(String, [UInt8])], String)] = [
      ("sizes", [("f1.png", small), ("f2.png", large)], "f2.png"),
      ("gap", [("f1.png", small), ("f2.png", small), ("f4.png", small)], "f4.png"),
    ]
    for (name, files, blamed) in cases {
      let path = try Self.folder(name, files)
      let error = #expect(throws: VideoIOError.self) { try MediaSource.open(path) }
      #expect(error?.code == .mismatch && error?.file.hasSuffix(blamed) == true, "\(name): \(error as Any)")
    }
    // Names of different beginnings are no sequence.
    let mixed = try Self.folder("mixed", [("a1.png", small), ("b3.png", small), ("c7.png", small)])
    #expect(try MediaSource.open(mixed).info.frameCount == 3)
  }

  @Test func damagedImagesNameTheFile() throws {
    let good = try ByteSurgery.bytes(TestMedia.pattern("good.jpg", size: "64x48", frames: 1, []))
    var bad = good
    for place in bad.count / 2..<bad.count / 2 + 60 { bad[place] = 0xff }
    let source = try MediaSource.open(try Self.folder("damaged", [("1.jpg", good), ("2.jpg", bad)]))
    _ = try source.frame(at: 0)
    let error = #expect(throws: VideoIOError.self) { try source.frame(at: 1) }
    #expect(error?.code == .badData && error?.file.hasSuffix("2.jpg") == true)
  }

  @Test func greyImagesAmongColorOnesAreWidened() throws {
    let color = try ByteSurgery.bytes(TestMedia.pattern("c.png", size: "40x30", frames: 1, ["-pix_fmt", "rgb24"]))
    let grey = try Self.flat(77, "g.png", ["-pix_fmt", "gray"])
    let source = try MediaSource.open(try Self.folder("widened", [("1.png", color), ("2.png", grey)]))
    let frame = try source.frame(at: 1).frame
    #expect(frame.format == PixelFormat(.rgb) && (0..<3).allSatisfy { frame.planes[$0][3, 3] == 77 })
  }
}
