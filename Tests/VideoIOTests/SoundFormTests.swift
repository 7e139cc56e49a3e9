import Foundation
import Testing

@testable import VideoIO

/// Sound whose form its packets alone tell, or that changes on the way, encoded anew.
@Suite(.enabled(if: ForeignTool.isAvailable, "needs ffmpeg and ffprobe"))
struct SoundFormTests {
  let folder = ScratchFolder()

  /// Two seconds of picture and of a tone.
  private func clip(_ name: String, _ sound: [String]) throws -> String {
    let path = folder.file(name)
    try ForeignTool.run(
      "ffmpeg",
      [
        "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=2", "-f", "lavfi", "-i",
        "sine=f=440:r=48000:d=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
      ] + sound + [path])
    return path
  }

  /// Samples of all channels mixed, 48 kHz.
  private func samples(_ path: String) throws -> [Int16] {
    let raw = folder.file("pcm-\(UUID().uuidString)")
    try ForeignTool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-i", path, "-map", "0:a", "-f", "s16le", "-ar", "48000", "-ac", "1", raw])
    return try Data(contentsOf: URL(fileURLWithPath: raw)).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
  }

  private func written(_ path: String, frames: Int, as name: String) throws -> String {
    let source = try MediaSource.open(path)
    let out = folder.file(name)
    let sink = try MediaSink.open(
      out, source: source.info, range: 0...frames - 1, times: (0, Double(frames) / 25),
      settings: EncodeSettings(preset: "ultrafast"), force: false)
    for index in 0..<frames {
      let frame = try source.frame(at: index)
      try sink.write(frame.frame, time: frame.time, duration: frame.duration)
    }
    try sink.finish()
    return out
  }

  private func loudness(_ samples: ArraySlice<Int16>) -> Double {
    (samples.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))).squareRoot()
  }

  @Test(arguments: ["webm", "avi", "mp4"])
  func aDecoderThatTellsItsFormLate(_ suffix: String) throws {
    let path = try clip("dts.mkv", ["-c:a", "dca", "-strict", "-2", "-ac", "6"])
    let heard = try samples(written(path, frames: 40, as: "out." + suffix))
    #expect(heard.count > 70000)
    #expect(loudness(heard[20000..<60000]) > 200)
  }

  /// Broadcasts go from stereo to 5.1 and back, and from one rate to another.
  @Test(arguments: [["2", "6"], ["6", "2"], ["1", "2"]])
  func channelsThatChange(_ channels: [String]) throws {
    var joined = Data()
    for (index, count) in channels.enumerated() {
      let rate = index == 0 ? "48000" : "44100"
      let part = try clip("part\(index).ts", ["-c:a", "ac3", "-ac", count, "-ar", rate])
      joined += try Data(contentsOf: URL(fileURLWithPath: part))
    }
    let path = folder.file("joined.ts")
    try joined.write(to: URL(fileURLWithPath: path))
    let frames = try MediaSource.open(path).info.frameCount
    let heard = try samples(written(path, frames: frames, as: "out.webm"))
    #expect(heard.count > 2 * 80000, "\(heard.count) samples")
    for part in 0..<2 { #expect(loudness(heard[part * 96000 + 30000..<part * 96000 + 70000]) > 200, "part \(part)") }
  }

  /// Matroska does not say how large a cover is, and MP4 has to.
  @Test func aCoverPictureGoesAlong() throws {
    let cover = folder.file("cover.jpg")
    try ForeignTool.run(
      "ffmpeg", ["-nostdin", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=32x32", "-frames:v", "1", cover])
    let plain = try clip("plain.mkv", ["-c:a", "flac"])
    let path = folder.file("cover.mkv")
    try ForeignTool.run(
      "ffmpeg",
      ["-nostdin", "-v", "error", "-i", plain, "-map", "0", "-c", "copy", "-attach", cover,
        "-metadata:s:t", "mimetype=image/jpeg", path])
    let out = try written(path, frames: 40, as: "out.mp4")
    #expect(try ForeignTool.probe(out, "stream=codec_name").contains("mjpeg"))
  }

  /// Four corners stay four corners.
  @Test(arguments: ["mp4", "mkv", "avi"])
  func channelsKeepTheirPlaces(_ suffix: String) throws {
    let path = try clip(
      "quad.mov", ["-af", "aformat=channel_layouts=mono,pan=quad|FL=c0|FR=c0|BL=c0|BR=c0", "-c:a", "pcm_s24be"])
    let out = try written(path, frames: 50, as: "out." + suffix)
    #expect(try ForeignTool.probe(out, "stream=channels", "-select_streams", "a").first == "4")
    for channel in 0..<4 {
      let raw = folder.file("channel-\(UUID().uuidString)")
      try ForeignTool.run(
        "ffmpeg",
        ["-nostdin", "-v", "error", "-i", out, "-map", "0:a", "-af", "pan=mono|c0=c\(channel)", "-f", "s16le", raw])
      let heard = try Data(contentsOf: URL(fileURLWithPath: raw)).withUnsafeBytes { Array($0.bindMemory(to: Int16.self)) }
      #expect(loudness(heard[20000..<60000]) > 500, "channel \(channel)")
    }
  }

  @Test func moreChannelsThanPlacesAreRefusedAtTheStart() throws {
    let path = try clip("ten.mov", ["-af", "pan=hexadecagonal|c0=c0|c1=c0|c9=c0", "-c:a", "pcm_s16le"])
    let info = try MediaSource.open(path).info
    #expect(throws: VideoIOError.self) {
      try MediaSink.open(
        folder.file("ten.mp4"), source: info, range: 0...9, times: (0, 0.4), settings: EncodeSettings(), force: false)
    }
  }

  @Test(arguments: ["pcm_f32be", "pcm_s8"])
  func whatMatroskaOnlyClaimsToHoldIsEncodedAnew(_ codec: String) throws {
    let path = try clip("in.mov", ["-c:a", codec])
    let heard = try samples(written(path, frames: 50, as: "out.mkv"))
    #expect(loudness(heard[20000..<60000]) > 500)
  }

  @Test(arguments: ["mkv", "mp4"])
  func thePictureKeepsItsTags(_ suffix: String) throws {
    let path = try clip("in.mkv", ["-c:a", "flac", "-metadata:s:v", "language=jpn"])
    let out = try written(path, frames: 50, as: "out." + suffix)
    #expect(try ForeignTool.probe(out, "stream_tags=language", "-select_streams", "v").first == "jpn")
  }

  /// One packet without a time is no reason to count the others anew.
  @Test func aMissingTimeLeavesTheOthersAsTheyAre() throws {
    let path = try clip("in.mkv", ["-c:a", "flac", "-vf", "setpts='PTS+if(gt(N,20),0.7/TB,0)'", "-fps_mode", "vfr"])
    let whole = try MediaSource.open(path)
    let times = (0..<50).map { whole.time(at: $0).time }
    var broken = times.map { Optional($0) }
    broken[7] = nil
    let mended = try #require(TimeRepair.repaired(broken))
    for (a, b) in zip(mended, times) { #expect(abs(a - b) <= 1) }
  }
}
