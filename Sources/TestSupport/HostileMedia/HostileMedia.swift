import Foundation
import VideoIO

/// A broken, odd or malicious input, and how a reader must answer it.
public struct HostileInput: Sendable {
  public enum Expectation: Sendable, Equatable {
    /// Opens, and every frame that it says it has is delivered.
    case works
    /// Opens, delivers frames, and says that the file breaks off.
    case breaksOff
    /// An error of one of these kinds, when opened or while its frames are read.
    case fails([VideoIOError.Code])
    /// Either, but never a trap or a hang.
    case answers
  }

  public let name: String
  public let path: String
  public let expectation: Expectation

  public init(_ name: String, _ path: String, _ expectation: Expectation) {
    self.name = name
    self.path = path
    self.expectation = expectation
  }
}

/// A corpus of hostile inputs, made by FFmpeg's command and byte surgery in a folder of its own.
public enum HostileMedia {
  /// All inputs. Files are made anew in `folder`.
  public static func all(in folder: String) throws -> [HostileInput] {
    let maker = HostileMaker(folder: folder)
    return try maker.contents() + maker.disguises() + maker.truncations() + maker.lies() + maker.shapes()
      + maker.streams() + maker.names() + maker.places() + maker.folders() + maker.flips()
  }

  /// Small clips of every container with random bytes changed.
  public static func flips(in folder: String, seeds: Range<UInt64>) throws -> [HostileInput] {
    try HostileMaker(folder: folder).flips(seeds: seeds)
  }
}

/// Makes the files of the corpus.
struct HostileMaker {
  let folder: String

  init(folder: String) {
    self.folder = folder
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  static let x264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]

  /// A small clip with its index in front.
  func clip() throws -> String {
    try TestMedia.pattern(
      "small.mp4", size: "96x64", frames: 24, Self.x264 + ["-g", "8", "-bf", "2", "-movflags", "faststart"])
  }

  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let path = folder + "/" + name
    try ByteSurgery.write(bytes, path)
    return path
  }

  /// Content of no kind that is read.
  func contents() throws -> [HostileInput] {
    var random = RandomBytes(seed: 5)
    let noise = (0..<20_000).map { _ in UInt8(random.next(below: 256)) }
    let bytes = try ByteSurgery.bytes(clip())
    return [
      .init("no bytes", try file("empty.mp4", []), .fails([.badData])),
      .init("one byte", try file("one.mp4", [0]), .fails([.badData])),
      .init("zeros", try file("zeros.mp4", [UInt8](repeating: 0, count: 100_000)), .fails([.badData, .refused])),
      .init("ones", try file("ones.mkv", [UInt8](repeating: 255, count: 100_000)), .fails([.badData, .refused])),
      .init("noise", try file("noise.mp4", noise), .fails([.badData, .refused, .noVideo, .unsupported])),
      .init("text", try file("text.mp4", "Dear reader,\nthis is no film.\n".utf8), .fails([.badData, .refused])),
      .init("a shell script", try file("script.mp4", "#!/bin/sh\nrm -rf /\n".utf8), .fails([.badData, .refused])),
      .init("zeros in front", try file("front.mp4", [UInt8](repeating: 0, count: 4096) + bytes), .answers),
      .init("noise behind", try file("behind.mp4", bytes + noise), .works),
      .init("twice", try file("twice.mp4", bytes + bytes), .answers),
      .init("back to front", try file("reversed.mp4", bytes.reversed()), .fails([.badData, .refused, .noVideo])),
      .init("no file", folder + "/nothing.mp4", .fails([.cannotOpen])),
      .init("empty name", "", .fails([.cannotOpen])),
      .init("zero byte in the name", folder + "/a\0b.mp4", .fails([.cannotOpen])),
      .init("over-long name", folder + "/" + String(repeating: "x", count: 5000), .fails([.cannotOpen])),
    ]
  }

  /// One thing under the name of another; scripts and playlists that would open other files.
  func disguises() throws -> [HostileInput] {
    let bytes = try ByteSurgery.bytes(clip())
    let target = try clip()
    let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n\(target)\n#EXT-X-ENDLIST\n"
    let manifest = """
      <?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>
      <Representation id="1" bandwidth="1"><BaseURL>\(target)</BaseURL></Representation></AdaptationSet></Period></MPD>
      """
    let picture =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><image href=\"/etc/passwd\"/></svg>"
    let session = "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    let refused = HostileInput.Expectation.fails([.refused, .badData])
    let image = try TestMedia.pattern("disguised.png", size: "64x48", frames: 1, [])
    return [
      .init("mp4 named png", try file("film.png", bytes), .works),
      .init("mp4 named txt", try file("film.txt", bytes), .works),
      .init("mp4 without extension", try file("film", bytes), .works),
      .init("png named mp4", try file("image.mp4", ByteSurgery.bytes(image)), .works),
      .init("playlist posing as mp4", try file("playlist.mp4", playlist.utf8), refused),
      .init("playlist", try file("playlist.m3u8", playlist.utf8), refused),
      .init(
        "concat script posing as mp4", try file("script2.mp4", "ffconcat version 1.0\nfile \(target)\n".utf8), refused),
      .init("plain concat list", try file("list.txt", "file '\(target)'\n".utf8), refused),
      .init("DASH manifest", try file("manifest.mpd", manifest.utf8), refused),
      .init("SVG that includes a file", try file("picture.png", picture.utf8), refused),
      .init("session description", try file("session.mp4", session.utf8), refused),
      .init(
        "sound file", try TestMedia.clip("tone.wav", ["-f", "lavfi", "-i", "sine", "-t", "1"]),
        .fails([.refused, .noVideo])),
      .init("subtitle file", try file("words.srt", "1\n00:00:00,000 --> 00:00:01,000\nword\n\n".utf8), refused),
      .init("movie that refers to another file", try referringMovie(), .answers),
    ]
  }

  /// A QuickTime movie whose data reference is an alias to another file.
  private func referringMovie() throws -> String {
    var bytes = try ByteSurgery.bytes(clip())
    if let box = ByteSurgery.boxes(bytes).first(where: { $0.kind == "dinf" }) {
      // dinf > dref > "url ": its kind and its "same file" flag.
      let entry = box.offset + 8 + 16
      bytes.replaceSubrange(entry + 4..<entry + 8, with: "alis".utf8)
      bytes[entry + 11] = 0
    }
    return try file("reference.mov", bytes)
  }
}
