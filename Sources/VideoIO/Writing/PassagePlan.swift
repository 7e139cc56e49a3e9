import CFFmpeg

/// Decides for each stream of the source how it gets into the output.
struct PassagePlan {
  let muxer: FFmpegMuxer
  let container: Container
  let window: ClosedRange<Double>?
  /// When the first picture of the source is due, in seconds of its clock.
  let pictureStart: Double
  /// The stream of the source that the frames come from; nil where its file holds sound alone.
  let pictureStream: Int?
  /// The output's path, for messages.
  let output: String

  struct Decision {
    var route: (any PacketRoute)?
    var warning: String?
  }

  /// - Throws: `VideoIOError.container` for sound that can neither be copied nor encoded anew.
  func route(for input: UnsafeMutablePointer<AVStream>, _ index: Int) throws -> Decision {
    let parameters = input.pointee.codecpar!
    switch parameters.pointee.codec_type {
    case AVMEDIA_TYPE_VIDEO: return try videoRoute(input, index)
    case AVMEDIA_TYPE_AUDIO:
      guard container.copies(parameters.pointee.codec_id, in: muxer) else {
        return try audioRoute(input, index, "\(container.rawValue) does not hold \(codecName(input))")
      }
      if beginsLate(input) { return try audioRoute(input, index, "\(container.rawValue) has all sound begin with the picture") }
      return Decision(route: try copyRoute(input))
    case AVMEDIA_TYPE_SUBTITLE:
      if container.copies(parameters.pointee.codec_id, in: muxer) { return Decision(route: try copyRoute(input)) }
      return try subtitleRoute(input, index)
    case AVMEDIA_TYPE_ATTACHMENT where container == .matroska:
      return Decision(route: try copyRoute(input))
    default:
      return Decision(warning: leftOut(input, index))
    }
  }

  private func videoRoute(_ input: UnsafeMutablePointer<AVStream>, _ index: Int) throws -> Decision {
    guard input.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0 else {
      describePicture(like: input, index)
      return Decision()
    }
    guard container == .mp4 || container == .mov else {
      return Decision(warning: "the cover picture is left out: .mp4 keeps it")
    }
    guard container.copies(input.pointee.codecpar.pointee.codec_id, in: muxer), let size = coverSize(input) else {
      return Decision(warning: "the cover picture (\(codecName(input))) is left out: \(container.rawValue) does not hold it")
    }
    let stream = try copiedStream(input)
    (stream.pointee.codecpar.pointee.width, stream.pointee.codecpar.pointee.height) = size
    return Decision(route: CoverRoute(muxer, to: stream))
  }

  /// The encoded frames' stream is the output's first; it is called what the source's is.
  private func describePicture(like input: UnsafeMutablePointer<AVStream>, _ index: Int) {
    guard index == pictureStream, let stream = muxer.pointer.pointee.streams[0] else { return }
    FFmpegMuxer.copyTags(input.pointee.metadata, to: &stream.pointee.metadata)
    // A cut begins at another time.
    if window != nil { av_dict_set(&stream.pointee.metadata, "timecode", nil, 0) }
    stream.pointee.disposition = input.pointee.disposition
  }

  /// Some files do not say how large their picture is, and no header can be written without.
  private func coverSize(_ input: UnsafeMutablePointer<AVStream>) -> (Int32, Int32)? {
    let parameters = input.pointee.codecpar.pointee
    if parameters.width > 0, parameters.height > 0 { return (parameters.width, parameters.height) }
    let picture = input.pointee.attached_pic
    guard let data = picture.data, picture.size > 0 else { return nil }
    guard let header = ImageHeader(Array(UnsafeBufferPointer(start: data, count: Int(picture.size)))) else { return nil }
    return (Int32(clamping: header.width), Int32(clamping: header.height))
  }

  /// Whether sound begins after the picture, in a container that cannot say so: it has to begin with silence.
  private func beginsLate(_ input: UnsafeMutablePointer<AVStream>) -> Bool {
    guard !container.hasPresentationTimes, input.pointee.start_time != FFmpegCode.noTimestamp else { return false }
    return Double(input.pointee.start_time) * av_q2d(input.pointee.time_base) > (window?.lowerBound ?? pictureStart) + 0.04
  }

  private func audioRoute(_ input: UnsafeMutablePointer<AVStream>, _ index: Int, _ reason: String) throws -> Decision {
    let (stream, name) = (try addStream(like: input), codecName(input))
    do {
      let route = try AudioTranscoder(muxer, from: input, to: stream, container, window: window)
      return Decision(
        route: route,
        warning:
          "the sound (\(name), stream \(index)) is encoded anew as \(route.codecName): \(reason)"
      )
    } catch {
      throw VideoIOError(
        .container, file: output, stream: index,
        "the sound (\(name)) can neither be copied into \(container.rawValue) nor encoded anew: name the output .mkv",
        error)
    }
  }

  private func subtitleRoute(_ input: UnsafeMutablePointer<AVStream>, _ index: Int) throws -> Decision {
    let isText =
      (avcodec_descriptor_get(input.pointee.codecpar.pointee.codec_id)?.pointee.props ?? 0)
      & AV_CODEC_PROP_TEXT_SUB != 0
    guard isText, let encoder = container.subtitleEncoder else { return Decision(warning: leftOut(input, index)) }
    return Decision(
      route: try SubtitleConverter(muxer, from: input, to: try addStream(like: input), encoder: encoder, window: window)
    )
  }

  private func copyRoute(_ input: UnsafeMutablePointer<AVStream>) throws -> CopyRoute {
    let (from, stream) = (input.pointee.codecpar!, try copiedStream(input))
    return CopyRoute(
      muxer, from: input, to: stream, window: window, straddling: straddling(from.pointee.codec_type),
      lead: CodecLead(from, input.pointee.time_base, in: container))
  }

  private func copiedStream(_ input: UnsafeMutablePointer<AVStream>) throws(FFmpegError) -> UnsafeMutablePointer<AVStream> {
    let stream = try addStream(like: input)
    let (from, to) = (input.pointee.codecpar!, stream.pointee.codecpar!)
    try FFmpegError.check(avcodec_parameters_copy(to, from))
    to.pointee.codec_tag = muxer.tag(for: from)
    // AVI counts the time of plain samples by it.
    if to.pointee.bit_rate <= 0, to.pointee.codec_type == AVMEDIA_TYPE_AUDIO {
      let bits = Int64(av_get_bits_per_sample(to.pointee.codec_id)) * Int64(to.pointee.ch_layout.nb_channels)
      to.pointee.bit_rate = bits * Int64(to.pointee.sample_rate)
    }
    stream.pointee.time_base = input.pointee.time_base
    stream.pointee.sample_aspect_ratio = input.pointee.sample_aspect_ratio
    stream.pointee.avg_frame_rate = input.pointee.avg_frame_rate
    return stream
  }

  private func straddling(_ kind: AVMediaType) -> CopyRoute.Straddling {
    switch kind {
    case AVMEDIA_TYPE_SUBTITLE: .isShortened
    case AVMEDIA_TYPE_AUDIO where container.holdsNegativeTimes: .keepsItsTime
    default: .isDropped
    }
  }

  private func addStream(like input: UnsafeMutablePointer<AVStream>) throws(FFmpegError) -> UnsafeMutablePointer<
    AVStream
  > {
    let stream = try muxer.addStream()
    FFmpegMuxer.copyTags(input.pointee.metadata, to: &stream.pointee.metadata)
    stream.pointee.disposition = input.pointee.disposition
    return stream
  }

  private func codecName(_ input: UnsafeMutablePointer<AVStream>) -> String {
    String(cString: avcodec_get_name(input.pointee.codecpar.pointee.codec_id))
  }

  private func leftOut(_ input: UnsafeMutablePointer<AVStream>, _ index: Int) -> String {
    let kind =
      av_get_media_type_string(input.pointee.codecpar.pointee.codec_type).map { String(cString: $0) } ?? "unknown"
    let isKeptByMatroska = [AVMEDIA_TYPE_SUBTITLE, AVMEDIA_TYPE_ATTACHMENT].contains(input.pointee.codecpar.pointee.codec_type)
    let advice = container != .matroska && isKeptByMatroska ? "; .mkv may keep it" : ""
    return "\(kind) stream \(index) (\(codecName(input))) is left out: \(container.rawValue) does not hold it\(advice)"
  }
}

extension Container {
  /// Whether packets of a codec can go in as they are.
  fileprivate func copies(_ codec: AVCodecID, in muxer: FFmpegMuxer) -> Bool {
    switch self {
    case .avi:
      return [
        AV_CODEC_ID_MP3, AV_CODEC_ID_MP2, AV_CODEC_ID_AC3, AV_CODEC_ID_PCM_S16LE, AV_CODEC_ID_PCM_U8,
        AV_CODEC_ID_PCM_S24LE, AV_CODEC_ID_PCM_ALAW, AV_CODEC_ID_PCM_MULAW,
      ].contains(codec)
    case .mpegts:
      return [
        AV_CODEC_ID_AAC, AV_CODEC_ID_MP2, AV_CODEC_ID_MP3, AV_CODEC_ID_AC3, AV_CODEC_ID_EAC3, AV_CODEC_ID_DTS,
        AV_CODEC_ID_OPUS, AV_CODEC_ID_DVB_SUBTITLE, AV_CODEC_ID_DVB_TELETEXT,
      ].contains(codec)
    case .mov where [AV_CODEC_ID_FLAC, AV_CODEC_ID_OPUS, AV_CODEC_ID_TRUEHD].contains(codec),
      .matroska
    where [
      AV_CODEC_ID_ADPCM_IMA_QT, AV_CODEC_ID_ADPCM_SWF, AV_CODEC_ID_PCM_DVD, AV_CODEC_ID_PCM_BLURAY, AV_CODEC_ID_PCM_F32BE,
      AV_CODEC_ID_PCM_F64BE, AV_CODEC_ID_PCM_S8, AV_CODEC_ID_NELLYMOSER,
    ].contains(codec):
      // The muxer says that it would, and then writes no header.
      return false
    case .mp4, .mov, .matroska, .webm:
      return avformat_query_codec(muxer.pointer.pointee.oformat, codec, FF_COMPLIANCE_EXPERIMENTAL) == 1
    }
  }
}

extension FFmpegMuxer {
  /// The source's four letters for a codec where they mean the same here; 0 leaves the choice to the muxer.
  fileprivate func tag(for parameters: UnsafeMutablePointer<AVCodecParameters>) -> UInt32 {
    guard let table = pointer.pointee.oformat.pointee.codec_tag else { return parameters.pointee.codec_tag }
    let (tag, codec) = (parameters.pointee.codec_tag, parameters.pointee.codec_id)
    var own: UInt32 = 0
    if av_codec_get_id(table, tag) == codec || av_codec_get_tag2(table, codec, &own) == 0 { return tag }
    return 0
  }
}
