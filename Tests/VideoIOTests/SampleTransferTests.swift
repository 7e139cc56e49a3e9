import CFFmpeg
import Imaging
import Testing

@testable import VideoIO

/// Samples go into FFmpeg's pictures and come back as they were.
@Suite struct SampleTransferTests {
  static let formats = [
    "gray", "gray10le", "gray16be", "ya8", "ya16le", "yuv420p", "yuv420p10le", "yuv420p10be", "yuv422p", "yuv422p12le",
    "yuv444p", "yuv444p16le", "yuva420p", "yuva444p10le", "gbrp", "gbrp12le", "gbrap", "gbrap16le", "rgb24", "bgr24",
    "rgba", "abgr", "bgr0", "rgb48be", "rgba64le", "nv12", "nv21", "nv16", "p010le", "p016be", "yuyv422", "uyvy422",
    "y210le", "x2rgb10le",
  ]

  @Test(arguments: formats, [(16, 9), (7, 5), (1, 1)])
  func roundTrip(name: String, size: (Int, Int)) throws {
    let format = av_get_pix_fmt(name)
    let layout = try #require(PixelFormat(nearest: format))
    // Packed 4:2:2 stores pairs of columns.
    let width = ["yuyv422", "uyvy422", "y210le"].contains(name) ? (size.0 + 1) & ~1 : size.0
    let frame = try Self.noise(width, size.1, layout)
    let picture = try frame.ffmpegFrame(format)
    #expect(picture.deliveredFormat == layout)
    #expect(try picture.frame(as: layout, color: ColorDescription(picture)) == frame)
  }

  @Test func lossyTargetsAreRefused() throws {
    let frame = try Self.noise(8, 8, PixelFormat(.rgb))
    for name in ["rgb565le", "yuv420p", "pal8", "gbrp10le", "yuv411p"] {
      #expect(throws: FFmpegError.self) { try frame.ffmpegFrame(av_get_pix_fmt(name)) }
    }
  }

  @Test func samplesBeyondTheDepthAreClamped() throws {
    let picture = try FFmpegFrame(width: 4, height: 2, format: av_get_pix_fmt("gray10le"))
    let base = try #require(picture.pointer.pointee.data.0)
    for i in 0..<Int(picture.pointer.pointee.linesize.0) * 2 { base[i] = 0xff }
    let frame = try picture.frame(as: PixelFormat(.grey, bitDepth: 10), color: .unspecified)
    #expect((0..<4).allSatisfy { frame.planes[0][$0, 1] == 1023 })
  }

  @Test func nearestFormats() {
    let expected: [(String, PixelFormat)] = [
      ("yuv411p", PixelFormat(.yuv422)), ("yuv410p", PixelFormat(.yuv420)), ("yuv440p", PixelFormat(.yuv444)),
      ("rgb565le", PixelFormat(.rgb)), ("monow", PixelFormat(.grey)), ("pal8", PixelFormat(.rgb, hasAlpha: true)),
      ("grayf32le", PixelFormat(.grey, bitDepth: 16)), ("xyz12le", PixelFormat(.rgb, bitDepth: 12)),
      ("bayer_rggb8", PixelFormat(.rgb)), ("yuvj420p", PixelFormat(.yuv420)),
    ]
    for (name, format) in expected { #expect(PixelFormat(nearest: av_get_pix_fmt(name)) == format, "\(name)") }
    #expect(PixelFormat(nearest: AV_PIX_FMT_VAAPI) == nil)
  }

  static func noise(_ width: Int, _ height: Int, _ format: PixelFormat) throws -> Frame {
    var state: UInt64 = 7
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let planes = (0..<format.planeCount).map { index -> SamplePlane in
      let size = format.planeSize(index, width: width, height: height)
      let values = (0..<size.width * size.height).map { _ in Int(next()) & format.maxValue }
      return format.bitDepth == 8
        ? .bytes(Plane(width: size.width, height: size.height, samples: values.map { UInt8($0) }))
        : .words(Plane(width: size.width, height: size.height, samples: values.map { UInt16($0) }))
    }
    return try Frame(width: width, height: height, format: format, color: .bt709, planes: planes)
  }
}
