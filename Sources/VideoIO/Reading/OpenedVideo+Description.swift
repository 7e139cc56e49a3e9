import CFFmpeg
import CFFmpegShims
import Imaging

extension OpenedVideo {
  static func describe(
    _ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>, _ index: FrameIndex, _ first: FirstPicture,
    _ warnings: [String]
  ) throws(VideoIOError) -> MediaInfo {
    let picture = first.picture
    guard let format = picture.deliveredFormat else {
      throw VideoIOError(
        .unsupported, file: demuxer.file.path, stream: Int(stream.pointee.index), frame: 0,
        "its pixel format cannot be read")
    }
    try demuxer.limits.checkPixels(
      picture.width, picture.height, file: demuxer.file.path, stream: Int(stream.pointee.index))
    let timeBase = Rational(stream.pointee.time_base)
    let turn = DisplayMatrix(stream, picture)
    let rate = FrameRateEstimate(
      times: index.times, lastDuration: index.durations.last ?? 1, timeBase: timeBase,
      declared: [Rational(stream.pointee.r_frame_rate), Rational(stream.pointee.avg_frame_rate)])
    let isInterlaced = isInterlaced(stream, picture)
    let (start, end) = (index.times[0], index.times[index.frameCount - 1] &+ index.durations[index.frameCount - 1])
    return MediaInfo(
      path: demuxer.file.path, container: String(cString: demuxer.format.pointee.name), codec: codecName(stream),
      width: picture.width, height: picture.height, orientation: turn.orientation,
      sampleAspectRatio: aspectRatio(demuxer, stream, picture), format: format, color: ColorDescription(picture),
      frameRate: rate.rate, isVariableFrameRate: rate.isVariable, isInterlaced: isInterlaced,
      isTopFieldFirst: isInterlaced ? isTopFieldFirst(stream, picture) : nil, timeBase: timeBase,
      frameCount: index.frameCount, duration: Double(end &- start) * timeBase.value,
      startTime: Double(start) * timeBase.value, streams: demuxer.streams.map(describe),
      chapterCount: Int(demuxer.context.pointee.nb_chapters),
      warnings: warnings + Self.warnings(demuxer, stream, first, turn, isInterlaced) + Self.losses(stream, picture))
  }

  private static func warnings(
    _ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>, _ first: FirstPicture, _ turn: DisplayMatrix,
    _ isInterlaced: Bool
  ) -> [String] {
    var warnings: [String] = []
    if isInterlaced { warnings.append("The video is interlaced; its frames are treated as whole pictures.") }
    if demuxer.videoStreams.count > 1 {
      warnings.append(
        "There are \(demuxer.videoStreams.count) video streams; stream \(stream.pointee.index) is read.")
    }
    if first.display > 0 {
      warnings.append(
        "The first \(first.display) frames refer to pictures that are not in the file; they are left out.")
    }
    if !turn.isExact {
      warnings.append("The video asks to be turned by an odd angle; the nearest right angle is used.")
    }
    return warnings
  }

  /// What lies beside the picture and no output holds.
  private static func losses(_ stream: UnsafeMutablePointer<AVStream>, _ picture: FFmpegFrame) -> [String] {
    let beside = [
      (AV_FRAME_DATA_A53_CC, "closed captions"), (AV_FRAME_DATA_MASTERING_DISPLAY_METADATA, "HDR mastering data"),
      (AV_FRAME_DATA_CONTENT_LIGHT_LEVEL, "HDR light levels"), (AV_FRAME_DATA_SPHERICAL, "a 360° projection"),
      (AV_FRAME_DATA_STEREO3D, "a stereo layout"), (AV_FRAME_DATA_DOVI_METADATA, "Dolby Vision data"),
    ].filter { av_frame_get_side_data(picture.pointer, $0.0) != nil }.map(\.1)
    return beside.isEmpty ? [] : ["The frames carry \(beside.joined(separator: ", ")), which outputs do not keep."]
  }

  private static func codecName(_ stream: UnsafeMutablePointer<AVStream>) -> String {
    String(cString: avcodec_get_name(stream.pointee.codecpar.pointee.codec_id))
  }

  private static func isInterlaced(_ stream: UnsafeMutablePointer<AVStream>, _ picture: FFmpegFrame) -> Bool {
    let order = stream.pointee.codecpar.pointee.field_order
    return cff_is_interlaced(picture.pointer) != 0 || (order != AV_FIELD_PROGRESSIVE && order != AV_FIELD_UNKNOWN)
  }

  private static func isTopFieldFirst(_ stream: UnsafeMutablePointer<AVStream>, _ picture: FFmpegFrame) -> Bool {
    if cff_is_interlaced(picture.pointer) != 0 { return cff_is_top_field_first(picture.pointer) != 0 }
    let order = stream.pointee.codecpar.pointee.field_order
    return order != AV_FIELD_BB && order != AV_FIELD_TB
  }

  private static func aspectRatio(
    _ demuxer: Demuxer, _ stream: UnsafeMutablePointer<AVStream>, _ picture: FFmpegFrame
  ) -> Rational {
    let ratio = Rational(av_guess_sample_aspect_ratio(demuxer.context, stream, picture.pointer))
    return ratio.numerator > 0 && ratio.denominator > 0 ? ratio : Rational(1, 1)
  }

  private static func describe(_ stream: UnsafeMutablePointer<AVStream>) -> MediaInfo.Stream {
    let kind: MediaInfo.Stream.Kind =
      switch stream.pointee.codecpar.pointee.codec_type {
      case AVMEDIA_TYPE_VIDEO: .video
      case AVMEDIA_TYPE_AUDIO: .audio
      case AVMEDIA_TYPE_SUBTITLE: .subtitle
      case AVMEDIA_TYPE_ATTACHMENT: .attachment
      default: .data
      }
    return MediaInfo.Stream(
      index: Int(stream.pointee.index), kind: kind, codec: codecName(stream),
      language: FFmpegDictionary.value(of: "language", in: stream.pointee.metadata))
  }
}

/// The turn that a file asks players for.
struct DisplayMatrix {
  let orientation: Orientation
  /// False where the angle is no multiple of 90 degrees.
  let isExact: Bool

  init(_ stream: UnsafeMutablePointer<AVStream>, _ picture: FFmpegFrame) {
    if let matrix = cff_display_matrix(stream) ?? cff_frame_display_matrix(picture.pointer) {
      self.init(a: matrix[0], b: matrix[1], c: matrix[3], d: matrix[4])
    } else {
      let exif = FFmpegDictionary.value(of: "Orientation", in: picture.pointer.pointee.metadata)
      self.init(orientation: Orientation(exif: exif.flatMap { Int($0.filter(\.isNumber)) } ?? 1), isExact: true)
    }
  }

  private init(orientation: Orientation, isExact: Bool) {
    self.orientation = orientation
    self.isExact = isExact
  }

  /// A point (x, y) is shown at (a x + c y, b x + d y), y down; the entries are 16.16 fixed point.
  init(a: Int32, b: Int32, c: Int32, d: Int32) {
    let (a, b, c, d) = (Int64(a), Int64(b), Int64(c), Int64(d))
    // The columns' axis is never mirrored: where it points to tells the turn.
    let turns: Int
    if abs(c) > abs(d) { turns = c < 0 ? 1 : 3 } else { turns = d >= 0 ? 0 : 2 }
    orientation = Orientation(quarterTurns: turns, mirrored: a * d - b * c < 0)
    isExact = min(abs(c), abs(d)) <= max(abs(c), abs(d)) / 256
  }
}

extension Orientation {
  /// The Exif tag 274: 1 upright, 3 half a turn, 6 a quarter clockwise, 8 counterclockwise; even numbers and 5, 7 are mirrored.
  init(exif: Int) {
    switch exif {
    case 2: self.init(mirrored: true)
    case 3: self.init(quarterTurns: 2)
    case 4: self.init(quarterTurns: 2, mirrored: true)
    case 5: self.init(quarterTurns: 3, mirrored: true)
    case 6: self.init(quarterTurns: 1)
    case 7: self.init(quarterTurns: 1, mirrored: true)
    case 8: self.init(quarterTurns: 3)
    default: self.init()
    }
  }
}
