import CFFmpeg

/// The demuxers that may touch a file. None of them opens a second file or an address; playlists, scripts and
/// formats that refer to others (hls, dash, concat, sdp, svg) are missing on purpose.
enum InputFormats {
  static let containers = [
    "mov", "matroska", "avi", "mpegts", "mpeg", "flv", "mxf", "ogg", "asf", "nut", "dv", "ivf", "yuv4mpegpipe",
  ]
  static let elementaryStreams = ["h264", "hevc", "mpegvideo", "m4v", "mjpeg", "obu", "av1"]
  static let images = [
    "gif", "apng", "png_pipe", "jpeg_pipe", "bmp_pipe", "tiff_pipe", "webp_pipe", "ppm_pipe", "pgm_pipe", "pam_pipe",
    "dpx_pipe", "exr_pipe", "j2k_pipe", "jpegls_pipe", "qoi_pipe", "sgi_pipe", "sunrast_pipe",
  ]
  /// Files without pictures: known so that the answer is that they hold no video, and to take sound from.
  static let sounds = ["wav"]
  static let all = containers + elementaryStreams + images + sounds

  /// Whether a demuxer is on the list; its name may be a list itself, as in "mov,mp4,m4a".
  static func allows(_ format: UnsafePointer<AVInputFormat>) -> Bool {
    names(of: format).contains { all.contains($0) }
  }

  static func isImage(_ format: UnsafePointer<AVInputFormat>) -> Bool {
    names(of: format).contains { $0.hasSuffix("_pipe") }
  }

  static func names(of format: UnsafePointer<AVInputFormat>) -> [String] {
    String(cString: format.pointee.name).split(separator: ",").map(String.init)
  }
}
