import Foundation
import Imaging
import Motion
import VideoIO

/// One pass over a new clip: where its shots begin, a small film that every browser plays, and thumbnails.
public struct IngestJob: Sendable {
  public struct Result: Sendable, Codable, Equatable {
    /// First frames of new shots.
    public var cuts: [Int]
    public var damage: Damage
    public var warnings: [String]
  }

  public var input: String
  /// An MP4, replaced where it is there: H.264 in 4:2:0, upright, square pixels, with the clip's times and sound.
  public var film: String
  /// A folder for `FRAME.jpg`, spread over the clip; nil: none.
  public var thumbnails: String?
  public var settings: RemovalSettings

  public init(
    input: String, film: String, thumbnails: String? = nil, settings: RemovalSettings = RemovalSettings()
  ) {
    self.input = input
    self.film = film
    self.thumbnails = thumbnails
    self.settings = settings
  }

  /// - Throws: `VideoIOError`; `CancellationError` soon after `cancellation` was cancelled.
  public func run(cancellation: Cancellation = Cancellation(), progress: ProgressHandler? = nil) throws -> Result {
    let clip = try Clip(path: input, settings: settings)
    let meter = ProgressMeter(cancellation: cancellation, handler: progress)
    let film = try SmallFilm(clip: clip, path: self.film)
    return try meter.stage(.scan, frames: clip.range.count) {
      do {
        return try read(clip, into: film, meter)
      } catch {
        film.sink.cancel()
        throw error
      }
    }
  }

  private func read(_ clip: Clip, into film: SmallFilm, _ meter: ProgressMeter) throws -> Result {
    var detector = ShotDetector()
    let every = max(1, clip.range.count / 100)
    var warnings: [String] = []
    for index in clip.range {
      do {
        let timed = try clip.source.frame(at: index)
        let image = RGBImage(timed.frame, threads: clip.threads)
        detector.add(image)
        let shown = clip.orientation.displayed(image)
        if index % every == 0 { try writeThumbnail(shown, index) }
        try film.write(shown, timed)
      } catch let error as VideoIOError where error.code == .badData && index > clip.range.lowerBound {
        warnings.append("\(input) breaks off before frame \(index)")
        break
      }
      try meter.advance(to: Double(index - clip.range.lowerBound + 1))
    }
    try film.sink.finish()
    let cuts = detector.finish().filter { clip.range.contains($0) }
    return Result(cuts: cuts, damage: clip.source.damage, warnings: warnings)
  }

  private func writeThumbnail(_ image: RGBImage, _ frame: Int) throws {
    guard let thumbnails else { return }
    let width = min(160, image.width)
    let height = max(1, image.height * width / image.width)
    let bytes = try StillImage.jpegBytes(image.resized(width: width, height: height), quantizer: 5)
    try StageFolder(path: thumbnails).write(Data(bytes), as: "\(frame).jpg")
  }
}

/// A film of at most 960x540 pixels to look at, not to keep.
struct SmallFilm {
  let sink: any FrameSink
  private let size: (width: Int, height: Int)

  private static let pixels = 960.0 * 540

  init(clip: Clip, path: String) throws {
    let info = clip.info
    let shrink = min(1, (Self.pixels / Double(info.width * info.height)).squareRoot())
    func even(_ length: Int) -> Int { max(2, Int((Double(length) * shrink / 2).rounded()) * 2) }
    size = (even(info.displayedWidth), even(info.displayedHeight))
    var small = info
    (small.width, small.height, small.orientation) = (size.width, size.height, .upright)
    small.sampleAspectRatio = Rational(1, 1)
    small.format = PixelFormat(.yuv420)
    small.color = .bt709
    sink = try Self.open(path, small, clip)
  }

  /// With the clip's sound, or silent where MP4 cannot hold it.
  private static func open(_ path: String, _ info: MediaInfo, _ clip: Clip) throws -> any FrameSink {
    let range = clip.range
    let base = info.timeBase.value
    let (first, last) = (clip.source.time(at: range.lowerBound), clip.source.time(at: range.upperBound))
    let times = (Double(first.time) * base, Double(last.time + last.duration) * base)
    let settings = EncodeSettings(codec: .h264, quality: 24, preset: "veryfast")
    do {
      return try MediaSink.open(path, source: info, range: range, times: times, settings: settings, force: true)
    } catch let error as VideoIOError where [.container, .unsupported, .badRequest].contains(error.code) {
      var silent = info
      silent.container = "images"
      return try MediaSink.open(path, source: silent, range: range, times: times, settings: settings, force: true)
    }
  }

  func write(_ image: RGBImage, _ timed: TimedFrame) throws {
    let small = image.resized(width: size.width, height: size.height)
    let frame = try Frame(small, format: PixelFormat(.yuv420), color: .bt709)
    try sink.write(frame, time: timed.time, duration: timed.duration)
  }
}
