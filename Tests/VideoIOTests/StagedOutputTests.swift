import Foundation
import Imaging
import Testing

@testable import VideoIO

/// Outputs appear whole or not at all, and replace nothing unasked.
struct StagedOutputTests {
  let folder = ScratchFolder()
  let info = FrameFixture.info(frameCount: 3)

  func sink(_ name: String, force: Bool = false, codec: EncodeSettings.Codec? = nil) throws -> any FrameSink {
    try MediaSink.open(
      folder.file(name), source: info, range: 0...2, times: (0, 0.12),
      settings: EncodeSettings(codec: codec, preset: "ultrafast"), force: force)
  }

  func write(_ sink: any FrameSink, _ count: Int = 3) throws {
    for index in 0..<count {
      try sink.write(FrameFixture.frame(index), time: Int64(index) * info.ticks, duration: info.ticks)
    }
  }

  static let names = ["out.mp4", "out.mkv", "frames/"]

  @Test(arguments: names) func nothingStandsUnderTheNameBeforeFinish(_ name: String) throws {
    let sink = try sink(name)
    try write(sink)
    #expect(
      folder.names.count == 1 && folder.names[0].hasPrefix(".") && folder.names[0].contains(".partial-\(getpid())"))
    try sink.finish()
    #expect(folder.names == [name.replacing("/", with: "")])
  }

  @Test(arguments: names) func cancellingLeavesNothing(_ name: String) throws {
    let cancelled = try sink(name)
    try write(cancelled, 2)
    cancelled.cancel()
    #expect(folder.names.isEmpty)
    #expect(throws: VideoIOError.self) { try write(cancelled, 1) }
    try write(try sink(name), 2)
    #expect(folder.names.isEmpty)
  }

  @Test(arguments: names) func anExistingOutputIsKeptWithoutForce(_ name: String) throws {
    let first = try sink(name)
    try write(first)
    try first.finish()
    #expect(code { try sink(name) } == .exists)
    let second = try sink(name, force: true)
    try write(second)
    try second.finish()
    #expect(folder.names == [name.replacing("/", with: "")])
  }

  @Test func anOutputThatAppearsMeanwhileIsKept() throws {
    let sink = try sink("out.mkv")
    try write(sink)
    try "mine".write(toFile: folder.file("out.mkv"), atomically: true, encoding: .utf8)
    #expect(code { try sink.finish() } == .exists)
    sink.cancel()
    #expect(try String(contentsOfFile: folder.file("out.mkv"), encoding: .utf8) == "mine")
    #expect(folder.names == ["out.mkv"])
  }

  @Test func leftoversOfEndedProcessesAreRemoved() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let ended = ".out.mkv.partial-\(process.processIdentifier)"
    for name in [ended, ".out.mkv.partial-\(getpid())-99999", ".other.mkv.partial-\(process.processIdentifier)"] {
      try "x".write(toFile: folder.file(name), atomically: true, encoding: .utf8)
    }
    try sink("out.mkv").cancel()
    #expect(folder.names.count == 2 && !folder.names.contains(ended))
  }

  @Test(arguments: [
    "-o.mkv", "a 'b' \"c\".mkv", "line\nbreak.mkv", "concat:x|y.mkv", "%05d.mkv",
    String(repeating: "é", count: 120) + ".mkv",
  ])
  func namesMeanNothing(_ name: String) throws {
    let sink = try sink(name)
    try write(sink)
    try sink.finish()
    #expect(folder.names == [name])
  }

  @Test func foldersAndDevicesAreNoVideos() throws {
    try FileManager.default.createDirectory(atPath: folder.file("dir.mkv/sub"), withIntermediateDirectories: true)
    #expect(code { try sink("dir.mkv", codec: .h264) } == .container)
    #expect(code { try sink("dir.mkv/sub/../../missing/out.mkv") } == .cannotWrite)
    #expect(symlink("/dev/null", folder.file("null.mkv")) == 0)
    #expect(code { try sink("null.mkv", force: true) } == .cannotWrite)
  }

  @Test func framesOfAnotherShapeAreRefused() throws {
    let sink = try sink("out.mkv")
    #expect(code { try sink.write(FrameFixture.frame(0, width: 32), time: 0, duration: 1) } == .mismatch)
    #expect(code { try sink.write(FrameFixture.frame(0, PixelFormat(.rgb)), time: 0, duration: 1) } == .mismatch)
    try sink.write(FrameFixture.frame(0), time: 5, duration: 1)
    #expect(code { try sink.write(FrameFixture.frame(1), time: 5, duration: 1) } == .internalFault)
  }

  @Test func aFolderThatExistsKeepsItsOtherFiles() throws {
    try FileManager.default.createDirectory(atPath: folder.file("frames"), withIntermediateDirectories: true)
    let empty = try sink("frames")
    try write(empty)
    try empty.finish()
    try "mine".write(toFile: folder.file("frames/notes.txt"), atomically: true, encoding: .utf8)
    #expect(code { try sink("frames") } == .exists)
    let forced = try sink("frames", force: true)
    try write(forced, 2)
    try forced.finish()
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.file("frames")).sorted()
        == ["00000.png", "00001.png", "00002.png", "notes.txt"])
    #expect(forced.warnings.contains { $0.contains("2 other files") })
  }

  @Test(arguments: [
    PixelFormat(.rgb), PixelFormat(.rgb, hasAlpha: true), PixelFormat(.grey), PixelFormat(.rgb, bitDepth: 16),
  ])
  func imagesKeepEverySample(_ format: PixelFormat) throws {
    let orientation = Orientation(quarterTurns: 1, mirrored: true)
    let info = FrameFixture.info(width: 21, height: 10, format: format, frameCount: 2, orientation: orientation)
    _ = try info.write(folder.file("frames/"))
    let read = try StillImage.read(folder.file("frames/00001.png"))
    #expect(read.format == format && read.width == 10 && read.height == 21)
    #expect(try read.planes == FrameFixture.frame(1, width: 21, height: 10, format).turned(by: orientation).planes)
  }

  @Test func imagesOfVideoAreConvertedAsTheWorkingCopyIs() throws {
    let color = ColorDescription.bt709
    let flat = FrameFixture.frame(0, width: 16, height: 16, PixelFormat(.yuv420), color: color)
    let planes = [150, 100, 170].enumerated().map { index, level in
      FrameFixture.plane(index == 0 ? 16 : 8, index == 0 ? 16 : 8, flat.format) { _, _ in level }
    }
    let frame = try Frame(width: 16, height: 16, format: flat.format, color: color, planes: planes)
    let info = FrameFixture.info(width: 16, height: 16, color: color, frameCount: 1)
    let sink = try MediaSink.open(
      folder.file("frames/"), source: info, range: 0...0, times: (0, 0.04), settings: EncodeSettings(), force: false)
    try sink.write(frame, time: 0, duration: 1)
    try sink.finish()
    let (written, expected) = (try StillImage.readRGB(folder.file("frames/00000.png")), RGBImage(frame))
    for c in 0..<3 { #expect(abs(written.level(7, 7)[c] - expected.level(7, 7)[c]) <= 1.01) }
  }
}

/// A disk that is full: a tmpfs of one megabyte, where this user may mount one.
struct FullDiskTests {
  final class SmallDisk {
    let path = FileManager.default.temporaryDirectory.path + "/cleanplate-disk-\(UUID().uuidString)"
    let isMounted: Bool

    init() {
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      isMounted =
        getuid() == 0 && (try? ForeignTool.run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path])) != nil
    }

    deinit {
      if isMounted { _ = try? ForeignTool.run("umount", [path]) }
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  static let canMount = SmallDisk().isMounted

  @Test(
    .enabled(if: canMount, "mounting a small tmpfs needs root"),
    arguments: ["out.mkv", "out.avi", "frames/", "masks.zip", "masks/"])
  func aFullDiskIsSaidAndLeavesNothing(_ name: String) throws {
    let disk = SmallDisk()
    var state: UInt64 = 88_172_645_463_325_252
    let noise = (0..<320 * 240).map { _ -> UInt8 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
    let plane = Plane(width: 320, height: 240, samples: noise)
    let info = FrameFixture.info(width: 320, height: 240, format: PixelFormat(.grey), frameCount: 60)
    let error = #expect(throws: VideoIOError.self) {
      if name.hasPrefix("masks") {
        let sink = try MaskOutput.open(disk.path + "/" + name, info: info, range: 0...59, force: false)
        for _ in 0..<60 { try sink.write(Mask(labels: plane)) }
        try sink.finish()
      } else {
        let sink = try MediaSink.open(
          disk.path + "/" + name, source: info, range: 0...59, times: (0, 2.4),
          settings: EncodeSettings(codec: name == "frames/" ? .png : .ffv1), force: false)
        let frame = try Frame(
          width: 320, height: 240, format: info.format, color: .unspecified, planes: [.bytes(plane)])
        for index in 0..<60 { try sink.write(frame, time: Int64(index) * info.ticks, duration: info.ticks) }
        try sink.finish()
      }
    }
    #expect(
      error?.code == .cannotWrite && error?.description.contains("No space left") == true,
      "\(String(describing: error))")
    #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
  }
}
