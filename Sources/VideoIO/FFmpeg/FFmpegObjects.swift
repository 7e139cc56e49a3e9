import CFFmpeg

/// Owns an `AVPacket`.
final class FFmpegPacket {
  let pointer: UnsafeMutablePointer<AVPacket>

  init() throws(FFmpegError) { pointer = try FFmpegError.allocated(av_packet_alloc()) }

  deinit {
    var owned: UnsafeMutablePointer<AVPacket>? = pointer
    av_packet_free(&owned)
  }

  /// Lets go of the data, so that the packet can be filled again.
  func unreference() { av_packet_unref(pointer) }
}

/// Owns an `AVFrame`.
final class FFmpegFrame {
  let pointer: UnsafeMutablePointer<AVFrame>

  init() throws(FFmpegError) { pointer = try FFmpegError.allocated(av_frame_alloc()) }

  /// A picture with writable buffers, their content undefined.
  convenience init(width: Int, height: Int, format: AVPixelFormat) throws(FFmpegError) {
    try self.init()
    pointer.pointee.width = Int32(clamping: width)
    pointer.pointee.height = Int32(clamping: height)
    pointer.pointee.format = format.rawValue
    try FFmpegError.check(av_frame_get_buffer(pointer, 0))
  }

  deinit {
    var owned: UnsafeMutablePointer<AVFrame>? = pointer
    av_frame_free(&owned)
  }

  /// Lets go of the buffers, so that the frame can be filled again.
  func unreference() { av_frame_unref(pointer) }

  var pixelFormat: AVPixelFormat { AVPixelFormat(rawValue: pointer.pointee.format) }
  var width: Int { Int(pointer.pointee.width) }
  var height: Int { Int(pointer.pointee.height) }
}

/// Owns an `AVDictionary`, FFmpeg's list of options and tags.
final class FFmpegDictionary {
  var pointer: OpaquePointer?

  init(_ entries: KeyValuePairs<String, String> = [:]) {
    for (key, value) in entries { self[key] = value }
  }

  deinit { av_dict_free(&pointer) }

  subscript(key: String) -> String? {
    get { av_dict_get(pointer, key, nil, 0).map { String(cString: $0.pointee.value) } }
    set { av_dict_set(&pointer, key, newValue, 0) }
  }

  /// Looks a tag up in a dictionary that is owned elsewhere.
  static func value(of key: String, in dictionary: OpaquePointer?) -> String? {
    av_dict_get(dictionary, key, nil, 0).map { String(cString: $0.pointee.value) }
  }
}
