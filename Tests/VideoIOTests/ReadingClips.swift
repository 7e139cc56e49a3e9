import Foundation
import Imaging
import TestSupport
import Testing

@testable import VideoIO

/// A clip for reading tests: how it is made, and what must be found.
struct ReadingClip: Sendable, CustomTestStringConvertible {
  let name: String
  let encoding: [String]
  var rate = "25"
  var frames = 60
  var size = "160x90"

  var testDescription: String { name }

  func path() throws -> String {
    try TestMedia.pattern(name, size: size, rate: rate, frames: frames, encoding)
  }

  private static let x264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]

  static let all: [ReadingClip] = [
    .init(name: "bframes.mp4", encoding: x264 + ["-g", "20", "-bf", "3"]),
    .init(name: "opengop.mkv", encoding: x264 + ["-g", "12", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"]),
    .init(name: "opengop.mp4", encoding: x264 + ["-g", "12", "-bf", "3", "-x264-params", "open-gop=1:scenecut=0"]),
    .init(name: "opengop.ts", encoding: x264 + ["-g", "12", "-bf", "2", "-x264-params", "open-gop=1:scenecut=0"]),
    .init(name: "refresh.mkv", encoding: x264 + ["-g", "12", "-x264-params", "intra-refresh=1"]),
    .init(name: "interlaced.ts", encoding: x264 + ["-g", "12", "-flags", "+ilme+ildct"], size: "160x96"),
    .init(name: "raw.h264", encoding: x264 + ["-g", "20", "-bf", "2"]),
    .init(name: "bframes.avi", encoding: x264 + ["-g", "20", "-bf", "2"]),
    .init(
      name: "hevc.mp4",
      encoding: [
        "-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "keyint=15:bframes=3:log-level=none:pools=1",
      ]),
    .init(
      name: "hevc10.mkv",
      encoding: [
        "-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-preset", "ultrafast", "-x265-params",
        "keyint=15:open-gop=1:log-level=none:pools=1",
      ]),
    .init(name: "mpeg2.ts", encoding: ["-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-q:v", "4"]),
    .init(name: "mpeg2.mpg", encoding: ["-c:v", "mpeg2video", "-g", "12", "-bf", "2", "-q:v", "4"]),
    .init(name: "mpeg4.avi", encoding: ["-c:v", "mpeg4", "-g", "12", "-bf", "2", "-q:v", "4"]),
    .init(name: "vp9.webm", encoding: ["-c:v", "libvpx-vp9", "-g", "20", "-deadline", "realtime", "-cpu-used", "8"]),
    .init(
      name: "vp8.webm",
      encoding: ["-c:v", "libvpx", "-g", "20", "-auto-alt-ref", "1", "-lag-in-frames", "10", "-b:v", "300k"]),
    .init(name: "mjpeg.avi", encoding: ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p"]),
    .init(name: "ffv1.mkv", encoding: ["-c:v", "ffv1", "-level", "3", "-g", "10", "-pix_fmt", "yuv422p10le"]),
    .init(name: "ffv1rgb.mkv", encoding: ["-c:v", "ffv1", "-pix_fmt", "gbrp"]),
    .init(name: "prores.mov", encoding: ["-c:v", "prores_ks", "-pix_fmt", "yuva444p10le"]),
    .init(name: "gif.gif", encoding: [], rate: "10", frames: 30),
    .init(name: "apng.apng", encoding: ["-plays", "0"], rate: "10", frames: 20),
    .init(name: "y4m.y4m", encoding: ["-pix_fmt", "yuv444p"], frames: 20),
    .init(name: "flv.flv", encoding: ["-c:v", "flv", "-g", "10"]),
    .init(name: "theora.ogv", encoding: ["-c:v", "libtheora", "-g", "10"]),
    .init(name: "wmv.wmv", encoding: ["-c:v", "wmv2", "-g", "10"]),
    .init(name: "mxf.mxf", encoding: ["-c:v", "mpeg2video", "-g", "12", "-bf", "2"]),
    .init(
      name: "dv411.avi", encoding: ["-c:v", "dvvideo", "-pix_fmt", "yuv411p"], rate: "30000/1001", frames: 10,
      size: "720x480"),
  ]
}

extension Frame {
  /// The samples of all planes one after the other, words in little-endian order, R G B as G B R: as FFmpeg writes them.
  var rawVideo: [UInt8] {
    var order = Array(planes.indices)
    if format.layout == .rgb { order = [1, 2, 0] + order.dropFirst(3) }
    return order.flatMap { index -> [UInt8] in
      switch planes[index] {
      case .bytes(let plane): plane.samples
      case .words(let plane):
        plane.samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
      }
    }
  }

  /// FNV-1a over the samples.
  var digest: UInt64 {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for plane in planes {
      switch plane {
      case .bytes(let plane): for sample in plane.samples { hash = (hash ^ UInt64(sample)) &* 1_099_511_628_211 }
      case .words(let plane): for sample in plane.samples { hash = (hash ^ UInt64(sample)) &* 1_099_511_628_211 }
      }
    }
    return hash
  }
}
