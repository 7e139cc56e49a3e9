import Foundation
import VideoIO

/// Containers cut short, and containers that lie.
extension HostileMaker {
  /// The clip cut in the middle of every kind of box, and other containers at several places.
  func truncations() throws -> [HostileInput] {
    let bytes = try ByteSurgery.bytes(clip())
    var kinds = Set<String>()
    var inputs: [HostileInput] = []
    for box in ByteSurgery.boxes(bytes) where kinds.insert(box.kind).inserted {
      let name = box.kind.filter(\.isLetter)
      let expectation: HostileInput.Expectation = box.kind == "mdat" ? .breaksOff : .answers
      for (place, at) in [("head", 6), ("middle", box.size / 2)] where place == "middle" || box.kind != "mdat" {
        let cut = try file("cut-\(name)-\(place).mp4", bytes.prefix(box.offset + at))
        inputs.append(.init("cut in the \(place) of \(box.kind)", cut, expectation))
      }
    }
    let late = try TestMedia.pattern("late-index.mp4", size: "96x64", frames: 24, Self.x264)
    let cut = try file("cut-late.mp4", ByteSurgery.bytes(late).dropLast(200))
    inputs.append(.init("index at the end cut off", cut, .fails([.badData])))
    for (name, encoding) in Self.small {
      let bytes = try ByteSurgery.bytes(TestMedia.pattern(name, size: "96x64", frames: 24, encoding))
      for percent in [1, 30, 80] {
        let cut = try file("cut-\(percent)-\(name)", bytes.prefix(bytes.count * percent / 100))
        inputs.append(.init("\(name) cut at \(percent) %", cut, .answers))
      }
    }
    return inputs
  }

  /// Small clips in every family of containers.
  static let small: [(name: String, encoding: [String])] = [
    ("s.mkv", x264 + ["-g", "8"]), ("s.mp4", x264 + ["-g", "8", "-bf", "2"]), ("s.ts", x264 + ["-g", "8", "-bf", "2"]),
    ("s.avi", ["-c:v", "mpeg4", "-g", "8", "-bf", "2"]), ("s.mpg", ["-c:v", "mpeg2video", "-g", "8", "-bf", "2"]),
    ("s.webm", ["-c:v", "libvpx-vp9", "-g", "8", "-deadline", "realtime", "-cpu-used", "8"]),
    ("f.mkv", ["-c:v", "ffv1", "-level", "3"]), ("j.avi", ["-c:v", "mjpeg", "-pix_fmt", "yuvj420p"]),
    ("s.flv", ["-c:v", "flv", "-g", "8"]), ("s.ogv", ["-c:v", "libtheora"]), ("s.gif", []), ("s.apng", []),
    ("s.y4m", ["-pix_fmt", "yuv420p"]), ("p.mov", ["-c:v", "prores_ks"]), ("q.mov", ["-c:v", "qtrle"]),
    ("s.wmv", ["-c:v", "wmv2"]), ("s.mxf", ["-c:v", "mpeg2video"]), ("s.ivf", ["-c:v", "libvpx"]),
    ("h.mp4", ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:pools=1:keyint=8"]),
    ("r.h264", x264 + ["-g", "8"]),
  ]

  /// Sizes, counts and dimensions that are not so.
  func lies() throws -> [HostileInput] {
    let huge = [UInt8](repeating: 255, count: 4)
    var inputs: [HostileInput] = []
    for kind in ["moov", "trak", "stbl", "mdat", "ftyp"] {
      inputs.append(.init("size of \(kind)", try patched("size-\(kind).mp4", kind, 0, huge), .answers))
      inputs.append(.init("no size of \(kind)", try patched("none-\(kind).mp4", kind, 0, [0, 0, 0, 1]), .answers))
    }
    for (kind, offset) in [
      ("stsz", 16), ("stts", 12), ("ctts", 12), ("stsc", 12), ("stco", 12), ("stss", 12), ("elst", 12),
    ] {
      inputs.append(.init("count in \(kind)", try patched("count-\(kind).mp4", kind, offset, huge), .answers))
    }
    inputs.append(.init("offsets of chunks", try patched("offset.mp4", "stco", 16, huge), .answers))
    inputs.append(.init("durations of frames", try patched("stts.mp4", "stts", 20, huge), .answers))
    inputs.append(.init("one size for all frames", try patched("stsz.mp4", "stsz", 12, huge), .answers))
    inputs.append(.init("time scale of 0", try patched("scale.mp4", "mdhd", 20, [0, 0, 0, 0]), .answers))
    inputs.append(
      .init("huge dimensions in mp4", try patched("wide.mp4", "stsd", 48, huge), .fails([.overLimit, .badData])))
    return try inputs + hugePictures()
  }

  /// A few bytes that declare pictures of thousands of megabytes.
  private func hugePictures() throws -> [HostileInput] {
    let small = try ByteSurgery.bytes(TestMedia.pattern("dims.png", size: "64x48", frames: 1, []))
    let png = Array(small.prefix(16)) + [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60] + small.dropFirst(24)
    let bmp = try ByteSurgery.bytes(TestMedia.pattern("dims.bmp", size: "64x48", frames: 1, []))
    let wide = Array(bmp.prefix(18)) + [0, 0x40, 0x0f, 0, 0, 0x40, 0x0f, 0] + bmp.dropFirst(26)
    let gif = try ByteSurgery.bytes(TestMedia.pattern("dims.gif", size: "64x48", frames: 2, []))
    let vast = Array(gif.prefix(6)) + [0xff, 0xff, 0xff, 0xff] + gif.dropFirst(10)
    let stream = "YUV4MPEG2 W100000 H100000 F25:1 Ip A1:1 C420jpeg\nFRAME\n" + String(repeating: "x", count: 5000)
    let none = "YUV4MPEG2 W0 H0 F25:1 Ip A1:1 C420jpeg\nFRAME\n"
    let tooLarge = HostileInput.Expectation.fails([.overLimit, .badData])
    return [
      .init("60000x60000 png", try file("huge.png", png), tooLarge),
      .init("1000000x1000000 bmp", try file("huge.bmp", wide), tooLarge),
      .init("65535x65535 gif", try file("huge.gif", vast), tooLarge),
      .init("100000x100000 y4m", try file("huge.y4m", stream.utf8), tooLarge),
      .init("0x0 y4m", try file("none.y4m", none.utf8), .fails([.badData, .noVideo])),
    ]
  }

  private func patched(_ name: String, _ kind: String, _ offset: Int, _ new: [UInt8]) throws -> String {
    var bytes = try ByteSurgery.bytes(clip())
    if let box = ByteSurgery.boxes(bytes).first(where: { $0.kind == kind }),
      box.offset + offset + new.count <= bytes.count
    {
      bytes.replaceSubrange(box.offset + offset..<box.offset + offset + new.count, with: new)
    }
    return try file(name, bytes)
  }

  /// Random bytes of every container changed: few and many, near the start and everywhere.
  func flips(seeds: Range<UInt64> = 0..<2) throws -> [HostileInput] {
    try Self.small.flatMap { (name: String, encoding: [String]) -> [HostileInput] in
      let bytes = try ByteSurgery.bytes(TestMedia.pattern(name, size: "96x64", frames: 24, encoding))
      return try seeds.map { (seed: UInt64) -> HostileInput in
        let count = [1, 8, 64][Int(seed % 3)]
        let head = ByteSurgery.flipped(Array(bytes.prefix(600)), count: count, seed: seed) + bytes.dropFirst(600)
        let flipped = seed % 2 == 0 ? head : ByteSurgery.flipped(bytes, count: count, seed: seed)
        return HostileInput(
          "\(name) with bytes flipped, seed \(seed)", try file("flip-\(seed)-\(name)", flipped), .answers)
      }
    }
  }
}
