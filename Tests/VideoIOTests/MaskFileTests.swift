import Foundation
import Imaging
import Testing

@testable import VideoIO

enum MaskFixture {
  /// Blobs of labels 1…`objects` that move with `number`.
  static func mask(_ number: Int, width: Int = 40, height: Int = 30, objects: Int = 3) -> Mask {
    var mask = Mask(width: width, height: height)
    for object in 1...objects {
      let (left, top) = ((number + object * 9) % (width - 6), (object * 5 + number / 2) % (height - 5))
      for y in top..<top + 5 {
        for x in left..<left + 6 { mask.labels[x, y] = UInt8(object) }
      }
    }
    return mask
  }

  static let info = FrameFixture.info(width: 40, height: 30, frameCount: 6)

  static func write(_ masks: [Mask], _ path: String, range: ClosedRange<Int>? = nil, force: Bool = false) throws {
    let sink = try MaskOutput.open(path, info: info, range: range ?? 0...masks.count - 1, force: force)
    for mask in masks { try sink.write(mask) }
    try sink.finish()
  }

  static func open(_ path: String, frames: Int = 6, rescale: Bool = false, range: ClosedRange<Int>? = nil) throws
    -> MaskSource
  {
    try MaskSource.open(path, width: 40, height: 30, frameCount: frames, allowRescale: rescale, range: range)
  }
}

struct MaskFileTests {
  let folder = ScratchFolder()

  @Test(arguments: ["masks/", "masks.zip", "masks.mkv", "masks.avi"])
  func labelsComeBackExactly(_ name: String) throws {
    let masks = (0..<6).map { MaskFixture.mask($0) }
    try MaskFixture.write(masks, folder.file(name))
    let source = try MaskFixture.open(folder.file(name))
    for (index, mask) in masks.enumerated() { #expect(try source.mask(at: index) == mask) }
    #expect(try source.mask(at: 2) == masks[2])
    #expect(source.warnings.isEmpty && !source.isStill)
  }

  @Test(arguments: ["masks.mov", "masks.mp4", "masks.webm"])
  func mattesComeBackAsOneObject(_ name: String) throws {
    let masks = (0..<6).map { MaskFixture.mask($0) }
    try MaskFixture.write(masks, folder.file(name))
    let source = try MaskFixture.open(folder.file(name))
    for (index, mask) in masks.enumerated() {
      let expected = Mask(labels: mask.labels.map { $0 == 0 ? 0 : 1 })
      let wrong = zip(try source.mask(at: index).labels.samples, expected.labels.samples).count { $0 != $1 }
      #expect(wrong <= 6, "mask \(index) of \(name): \(wrong) pixels")
    }
  }

  @Test(arguments: ["mattes/", "mattes.zip", "mattes.mkv"])
  func softEdgesAreKept(_ name: String) throws {
    let mask = MaskFixture.mask(2)
    var alpha = mask.coverage()
    for y in 0..<30 {
      for x in 1..<40 where mask.labels[x, y] == 0 && mask.labels[x - 1, y] != 0 { alpha[x, y] = UInt8(40 + 5 * y) }
    }
    let sink = try MaskOutput.open(folder.file(name), info: MaskFixture.info, range: 0...5, force: false, isSoft: true)
    for _ in 0..<6 { try sink.write(mask, alpha: alpha) }
    try sink.finish()
    let read = try MaskFixture.open(folder.file(name)).mask(at: 3)
    #expect(read.labels == alpha.map { $0 > 127 ? 1 : 0 })
    if name.hasSuffix("zip") { return }
    guard case .bytes(let grey) = try MediaSource.open(folder.file(name)).frame(at: 3).frame.planes[0] else {
      Issue.record("not 8 bits")
      return
    }
    #expect(grey == alpha)
  }

  @Test func oneImageHoldsForAllFrames() throws {
    let mask = MaskFixture.mask(3)
    try MaskFixture.write([mask], folder.file("one.png"), range: 4...4)
    let source = try MaskFixture.open(folder.file("one.png"))
    #expect(source.isStill)
    #expect(try source.mask(at: 0) == mask && source.mask(at: 5) == mask)
    #expect(
      code { try MaskOutput.open(folder.file("two.png"), info: MaskFixture.info, range: 0...1, force: false) }
        == .mismatch)
  }

  @Test func aMaskFileIsReplacedWholeAndReadBack() throws {
    for number in [1, 2] { try MaskFile.write(MaskFixture.mask(number), to: folder.file("m.png")) }
    #expect(try MaskFile.read(folder.file("m.png")) == MaskFixture.mask(2))
    #expect(folder.names == ["m.png"])
  }

  @Test(.enabled(if: ForeignTool.isAvailable)) func indexedFilesCarryThePalette() throws {
    try MaskFile.write(MaskFixture.mask(0), to: folder.file("m.png"))
    #expect(try ForeignTool.probe(folder.file("m.png"), "stream=pix_fmt") == ["pal8"])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("m.png"))))
    let chunk = try #require(bytes.firstRange(of: Array("PLTE".utf8)))
    #expect(Array(bytes[chunk.upperBound..<chunk.upperBound + 12]) == [0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0])
  }

  @Test func sameMasksGiveTheSameZip() throws {
    let masks = (0..<4).map { MaskFixture.mask($0) }
    for name in ["a.zip", "b.zip"] { try MaskFixture.write(masks, folder.file(name)) }
    #expect(FileManager.default.contentsEqual(atPath: folder.file("a.zip"), andPath: folder.file("b.zip")))
  }

  @Test func masksOfACutAreNamedByFrame() throws {
    let masks = (2...4).map { MaskFixture.mask($0) }
    try MaskFixture.write(masks, folder.file("cut/"), range: 2...4)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("cut")).sorted()
        == ["00002.png", "00003.png", "00004.png"])
    let source = try MaskFixture.open(folder.file("cut"), range: 2...4)
    #expect(try source.mask(at: 3) == masks[1])
    #expect(code { try source.mask(at: 5) } == .mismatch)
    #expect(code { try MaskFixture.open(folder.file("cut")) } == .mismatch)
  }

  @Test func missingFramesAreNamed() throws {
    try MaskFixture.write((0..<6).map { MaskFixture.mask($0) }, folder.file("m/"))
    for name in ["00004.png", "00005.png"] { try FileManager.default.removeItem(atPath: folder.file("m/" + name)) }
    let error = #expect(throws: VideoIOError.self) { try MaskFixture.open(folder.file("m")) }
    #expect(error?.code == .mismatch && error?.message.contains("4, 5") == true)
    try FileManager.default.removeItem(atPath: folder.file("m/00002.png"))
    let gap = #expect(throws: VideoIOError.self) { try MaskFixture.open(folder.file("m")) }
    #expect(gap?.code == .mismatch && gap?.message.contains("2 is missing") == true)
  }

  @Test func anotherSizeIsAnErrorOrRescaled() throws {
    try MaskFile.write(MaskFixture.mask(0, width: 20, height: 15), to: folder.file("small.png"))
    let error = #expect(throws: VideoIOError.self) { try MaskFixture.open(folder.file("small.png")) }
    #expect(
      error?.code == .mismatch && error?.message.contains("20x15") == true && error?.message.contains("40x30") == true)
    let source = try MaskFixture.open(folder.file("small.png"), rescale: true)
    #expect(try source.mask(at: 0).objects == [1, 2, 3] && source.warnings.count == 1)
  }

  @Test func emptyMasksAreSaid() throws {
    try MaskFile.write(Mask(width: 40, height: 30), to: folder.file("empty.png"))
    #expect(try MaskFixture.open(folder.file("empty.png")).warnings == ["the mask marks nothing"])
  }
}
