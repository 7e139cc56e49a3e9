import Foundation
import VideoIO

/// Pictures and streams that are sound, but rare.
extension HostileMaker {
  func shapes() throws -> [HostileInput] {
    func one(_ name: String, _ size: String, _ encoding: [String], frames: Int = 1) throws -> HostileInput {
      let scale = ["-vf", "scale=" + size.replacing("x", with: ":")]
      return HostileInput("\(size) \(name)", try TestMedia.pattern(name, frames: frames, scale + encoding), .works)
    }
    let lossless = ["-c:v", "ffv1"]
    return [
      try one("dot.png", "1x1", []), try one("dot.mkv", "1x1", lossless, frames: 3),
      try one("dot.gif", "1x1", [], frames: 3), try one("line.png", "1x300", []),
      try one("odd.mkv", "33x17", lossless + ["-pix_fmt", "yuv420p"], frames: 5),
      try one("odd.mp4", "33x17", ["-c:v", "libx264", "-pix_fmt", "yuv444p"], frames: 5),
      try one("odd.webm", "35x19", ["-c:v", "libvpx-vp9"], frames: 5),
      try one("still8k.jpg", "7680x4320", []), try one("still8k.png", "7680x4320", ["-pred", "none"]),
      try one("single.mp4", "96x64", Self.x264), try one("single.mkv", "96x64", Self.x264),
      try one("alpha.png", "64x48", ["-pix_fmt", "rgba"]),
      try one("alpha.mov", "64x48", ["-c:v", "qtrle", "-pix_fmt", "argb"], frames: 4),
      try one("alpha.webm", "64x48", ["-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p"], frames: 4),
      try one("palette.png", "64x48", ["-pix_fmt", "pal8"]), try one("grey.png", "64x48", ["-pix_fmt", "gray"]),
      try one("grey16.png", "64x48", ["-pix_fmt", "gray16be"]), try one("deep.png", "64x48", ["-pix_fmt", "rgb48be"]),
      try one("bits.png", "64x48", ["-pix_fmt", "monob"]), try one("deep.tiff", "64x48", ["-pix_fmt", "rgb48le"]),
      try one("grey.mkv", "64x48", lossless + ["-pix_fmt", "gray10le"], frames: 4),
      try one("lossy.webp", "64x48", []), try one("image.bmp", "63x47", []),
      try one("sparse.mkv", "64x48", lossless + ["-pix_fmt", "yuv410p"], frames: 4),
      try one("rgb565.avi", "64x48", ["-c:v", "rawvideo", "-pix_fmt", "rgb565le"], frames: 4),
      try one("nv12.nut", "64x48", ["-c:v", "rawvideo", "-pix_fmt", "nv12"], frames: 4),
    ]
  }

  func streams() throws -> [HostileInput] {
    let pattern = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=25"]
    let tone = ["-f", "lavfi", "-i", "sine"]
    func made(_ name: String, _ arguments: [String]) throws -> String { try TestMedia.clip(name, arguments) }
    let cover = try TestMedia.pattern("cover.png", size: "64x48", frames: 1, [])
    return [
      .init("sound only", try made("sound.m4a", tone + ["-t", "1", "-c:a", "aac"]), .fails([.noVideo])),
      .init(
        "sound with a cover picture",
        try made(
          "cover.m4a",
          tone + ["-i", cover, "-map", "0", "-map", "1", "-t", "1", "-c:v", "copy", "-disposition:v", "attached_pic"]),
        .fails([.noVideo])),
      .init(
        "two video streams",
        try made("two.mkv", pattern + pattern + ["-map", "0", "-map", "1", "-t", "1"] + Self.x264), .works),
      .init(
        "negative times",
        try made(
          "negative.mkv",
          pattern + ["-t", "1", "-output_ts_offset", "-0.5", "-avoid_negative_ts", "disabled"] + Self.x264),
        .works),
      .init("late start", try made("late.ts", pattern + ["-t", "1", "-output_ts_offset", "9000"] + Self.x264), .works),
      .init(
        "long pause between frames",
        try made("pause.mkv", pattern + ["-t", "1", "-vf", "setpts=N*N*N*40"] + Self.x264), .answers),
      .init(
        "fragmented",
        try made("fragmented.mp4", pattern + ["-t", "1", "-movflags", "frag_keyframe+empty_moov"] + Self.x264), .works),
      .init("size that changes midway", try changingSize(), .answers),
      .init(
        "no frames", try made("none.mkv", pattern + ["-frames:v", "0"] + Self.x264), .fails([.noVideo, .badData])),
    ]
  }

  /// Two transport streams one after the other.
  private func changingSize() throws -> String {
    let parts = try ["96x64", "128x96"].map { try TestMedia.pattern("part.ts", size: $0, frames: 12, Self.x264) }
    return try file("changing.ts", try parts.flatMap { try ByteSurgery.bytes($0) })
  }

  /// Names that mean something to shells, to FFmpeg or to printf, and mean nothing here.
  func names() throws -> [HostileInput] {
    let bytes = try ByteSurgery.bytes(clip())
    let odd = [
      "two words.mp4", "quote'double\".mp4", "new\nline.mp4", "-dash.mp4", "--help", "tab\t.mp4", "$(reboot).mp4",
      "a;b|c&d.mp4", "back\\slash.mp4", "frame%03d.png", "100%.mp4", "[0-9]*.mp4", "concat:a|b", "file:x.mp4",
      "http:x.mp4",
      "pipe:0", "crypto:x", "日本語 🎬.mp4", "e\u{301}.mp4", "name.mp4?query#part", "@list", "~",
    ]
    return try odd.map { .init("named \($0.debugDescription)", try file($0, bytes), .works) }
  }

  /// Addresses, devices, links.
  func places() throws -> [HostileInput] {
    let (loop, dangling, link) = (folder + "/loop.mp4", folder + "/dangling.mp4", folder + "/link.mp4")
    for path in [loop, dangling, link] { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
    try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: folder + "/nowhere")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: try clip())
    let addresses = [
      "http://127.0.0.1:1/a.mp4", "https://example.org/a.m3u8", "rtmp://127.0.0.1/live", "concat:a.mp4|b.mp4",
      "file:///etc/passwd", "data:video/mp4;base64,AAAA", "subfile,,start,0,end,9,,:a.mp4", "ftp://127.0.0.1/a",
      "tcp://127.0.0.1:1",
    ]
    return addresses.map { .init($0, $0, .fails([.refused, .cannotOpen])) } + [
      .init("link to itself", loop, .fails([.cannotOpen])), .init("link to nothing", dangling, .fails([.cannotOpen])),
      .init("link to a film", link, .works), .init("null device", "/dev/null", .fails([.cannotOpen])),
      .init("endless device", "/dev/zero", .fails([.cannotOpen])),
      .init("memory of the process", "/proc/self/mem", .fails([.cannotOpen, .badData])),
      .init("file taken for a folder", try clip() + "/a.mp4", .fails([.cannotOpen])),
    ]
  }

  /// Folders of images.
  func folders() throws -> [HostileInput] {
    func image(_ size: String, _ encoding: [String] = []) throws -> [UInt8] {
      try ByteSurgery.bytes(TestMedia.pattern("image.png", size: size, frames: 1, encoding))
    }
    let (small, large) = (try image("64x48"), try image("64x50"))
    func made(_ name: String, _ files: [(String, [UInt8])]) throws -> String {
      try? FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
      for (file, bytes) in files { _ = try self.file(name + "/" + file, bytes) }
      return folder + "/" + name
    }
    return [
      .init("empty folder", try made("empty", []), .fails([.noVideo])),
      .init("folder without images", try made("words", [("a.txt", [65])]), .fails([.noVideo])),
      .init(
        "folder of images", try made("good", [("1.png", small), ("2.png", small), ("10.txt", [65]), (".x", [])]), .works
      ),
      .init("gap in the numbering", try made("gap", [("1.png", small), ("3.png", small)]), .fails([.mismatch])),
      .init("number twice", try made("double", [("1.png", small), ("01.png", small)]), .fails([.mismatch])),
      .init("two sizes", try made("sizes", [("1.png", small), ("2.png", large)]), .fails([.mismatch])),
      .init("image without content", try made("void", [("1.png", small), ("2.png", [])]), .fails([.badData])),
      .init(
        "image cut short", try made("short", [("1.png", small), ("2.png", Array(small.prefix(small.count / 2)))]),
        .fails([.badData])),
      .init(
        "first image broken", try made("first", [("1.png", [1, 2, 3]), ("2.png", small)]), .fails([.badData, .refused])),
      .init(
        "film named as an image", try made("films", [("1.png", try ByteSurgery.bytes(clip()))]), .fails([.badData])),
    ]
  }
}
