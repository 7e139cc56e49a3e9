import Imaging
import Inpainting
import VideoIO

/// What a removal at the settings' scale will take, foretold before anything is marked.
public struct RemovalForecast: Sendable, Equatable {
  /// Bytes at the peak, with windows of their full length.
  public let memoryBytes: Int
  /// Of tracking and filling one object of a sixteenth of the frame, on this machine's number of threads.
  public let seconds: Double
  /// Whether the budget holds such windows; below it the fill takes shorter ones, or a smaller scale.
  public let fits: Bool

  public init(info: MediaInfo, settings: RemovalSettings) {
    let memory = MemoryForecast(info: info, settings: settings)
    let pixels = Double(info.width * info.height) * settings.resize * settings.resize
    let side = (width: Double(info.width) * settings.resize / 4, height: Double(info.height) * settings.resize / 4)
    // A hole of a quarter by a quarter of the frame, with the surroundings that the engine looks at.
    let width = max(16, Int(side.width * 2.5))
    let height = max(16, Int(side.height * 2.5))
    let plan = (try? Engines.inpainter(settings))
      .flatMap { try? $0.plan(width: width, height: height, memory: 1 << 40) }
    let fill = plan?.peakBytes ?? 0
    memoryBytes = max(memory.neededBytes, memory.baseBytes + memory.cacheBytes + 3 * memory.imageBytes + fill)
    seconds = Double(info.frameCount) * Self.secondsPerFrame(info, filledPixels: pixels, threads: settings.threads)
    fits = memory.fits && memoryBytes <= settings.memory
  }

  /// Seconds of one core for a million pixels: measured with `cleanplate remove` on 854x480 and 1080p clips.
  private static let tracking = (fixed: 0.1, perMegapixel: 0.12)
  private static let filling = 1.5
  private static let coding = 0.08

  private static func secondsPerFrame(_ info: MediaInfo, filledPixels: Double, threads: Int) -> Double {
    let megapixels = Double(info.width * info.height) / 1e6
    let track = tracking.fixed + tracking.perMegapixel * megapixels
    let fill = filling * filledPixels / 1e6 * 0.4
    let speedup = 1 + 0.8 * Double(min(max(1, threads), 8) - 1)
    return (track + fill + coding * megapixels) / speedup
  }
}
