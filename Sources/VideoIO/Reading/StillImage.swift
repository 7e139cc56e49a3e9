import CFFmpeg
import Imaging

/// One decoded image file.
public struct StillImage {
  let picture: FFmpegFrame
  let codec: String
  let orientation: Orientation
  let sampleAspectRatio: Rational

  /// - Throws: `VideoIOError` naming the file.
  init(_ path: String, limits: MediaLimits) throws(VideoIOError) {
    try self.init(try InputFile(path, limits: limits), limits: limits)
  }

  /// - Throws: `VideoIOError` naming the file.
  init(_ file: InputFile, limits: MediaLimits) throws(VideoIOError) {
    let path = file.path
    let demuxer = try Demuxer(file, limits: limits)
    guard InputFormats.isImage(demuxer.format), let stream = demuxer.videoStreams.first else {
      throw VideoIOError(.badData, file: path, "this is no image, whatever its name says")
    }
    let source = VideoStream(file: file, limits: limits, stream: stream)
    picture = try Self.decode(source, demuxer)
    codec = String(cString: avcodec_get_name(demuxer.streams[stream].pointee.codecpar.pointee.codec_id))
    orientation = DisplayMatrix(demuxer.streams[stream], picture).orientation
    let ratio = Rational(picture.pointer.pointee.sample_aspect_ratio)
    sampleAspectRatio = ratio.numerator > 0 && ratio.denominator > 0 ? ratio.reduced : Rational(1, 1)
  }

  private static func decode(_ source: VideoStream, _ demuxer: Demuxer) throws(VideoIOError) -> FFmpegFrame {
    let packet = try source.packet()
    guard (try? demuxer.read(packet, stream: source.stream)) == true else {
      throw VideoIOError(.badData, file: source.file.path, "the image is damaged or cut short")
    }
    let record = PacketRecord(packet, codec: AV_CODEC_ID_NONE, isFirst: true)
    let decoder = StreamDecoder(
      demuxer, try source.decoder(demuxer, threads: 1, reorderDepth: 0), packets: [record], stream: source.stream,
      first: packet, ordinal: 0)
    switch decoder.next() {
    case .picture(let picture, _)?: return picture
    case .failure(_, let error)?:
      throw VideoIOError(.badData, file: source.file.path, "the image is damaged or cut short", error)
    case nil: throw VideoIOError(.badData, file: source.file.path, "the image is damaged or cut short")
    }
  }
}
