import CFFmpeg
import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// Any frame, in any order, is the frame that reading from the start gives.
@Suite struct RandomAccessTests {
  @Test(arguments: ReadingClip.all)
  func everyOrderGivesTheSameBytes(clip: ReadingClip) throws {
    let path = try clip.path()
    let forward = try VideoFileSource(path, threads: 3)
    let count = forward.info.frameCount
    #expect(count == clip.frames)
    let expected = try (0..<count).map { try forward.frame(at: $0).frame.digest }
    #expect(Set(expected).count > count / 2)
    #expect(forward.damage == Damage())

    let oneFrame = forward.info.format.byteCount(width: forward.info.width, height: forward.info.height)
    let jumping = try VideoFileSource(path, cacheBytes: 2 * oneFrame, threads: 2)
    for step in 0..<count {
      let index = (step * 37 + 11) % count
      #expect(try jumping.frame(at: index).frame.digest == expected[index], "jump to \(index)")
    }
    let backward = try VideoFileSource(path, cacheBytes: 8 * oneFrame, threads: 1)
    for index in (0..<count).reversed() {
      #expect(try backward.frame(at: index).frame.digest == expected[index], "back to \(index)")
    }
    #expect(jumping.damage == Damage() && backward.damage == Damage())
  }

  /// FFmpeg's own command is the judge of what the frames are.
  @Test(arguments: ReadingClip.all)
  func framesAreThoseOfTheCommand(clip: ReadingClip) throws {
    let path = try clip.path()
    let source = try VideoFileSource(path)
    let format = try #require(source.info.format.ffmpegFormat)
    // 4:1:1 has no counterpart here, so that the comparison would be one of scalers.
    try #require(!clip.name.hasPrefix("dv411") || source.info.format == PixelFormat(.yuv422))
    if clip.name.hasPrefix("dv411") { return }
    // Asked for by its plain name, full-range JPEG would come out squeezed into the limited range.
    let isFull = source.info.color.range == .full && source.info.format.layout == .yuv420
    let name = isFull ? "yuvj420p" : String(cString: av_get_pix_fmt_name(format))
    let raw = try TestMedia.clip(
      clip.name + ".yuv",
      [
        "-flags", "+bitexact", "-i", path, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt",
        name,
      ])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
    let size = source.info.format.byteCount(width: source.info.width, height: source.info.height)
    try #require(bytes.count == size * source.info.frameCount)
    for index in 0..<source.info.frameCount {
      let frame = try source.frame(at: index).frame
      let isSame = frame.rawVideo.elementsEqual(bytes[index * size..<(index + 1) * size])
      #expect(isSame, "frame \(index)")
    }
  }
}
