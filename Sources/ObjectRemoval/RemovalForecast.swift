import Imaging
import Inpainting
import VideoIO

/// What a removal at the settings' scale will take, foretold before it begins.
public struct RemovalForecast: Sendable, Equatable {
  /// Bytes at the peak, within the budget where the job can be done at all.
  public let memoryBytes: Int
  /// On this machine's number of threads.
  public let seconds: Double
  /// Whether the budget holds windows of useful length at this scale; below it the fill takes a smaller one.
  public let fits: Bool

  /// - Parameters:
  ///   - hole: what is known of the masks; nil: nothing is marked yet.
  ///   - includesTracking: whether the time is to be counted in which the masks are made.
  public init(
    info: MediaInfo, settings: RemovalSettings, hole: HoleExtent? = nil, includesTracking: Bool = true
  ) {
    let memory = MemoryForecast(info: info, settings: settings)
    let shape = HoleShape(settings: settings, info: info, masksAreExact: false)
    let frames = settings.range?.count ?? info.frameCount
    let hole = (hole ?? HoleExtent(typicalOf: info, frames: frames)).grown(by: shape.reach, scale: settings.resize)
    let region = Self.region(around: hole, info, settings.resize)
    let plan = try? Engines.inpainter(settings).plan(
      width: Int(region.width), height: Int(region.height), memory: memory.fillBudget)
    let fill = memory.baseBytes + memory.cacheBytes + 3 * memory.imageBytes + (plan?.peakBytes ?? 0)
    memoryBytes = memory.fits ? min(settings.memory, max(memory.neededBytes, fill)) : memory.neededBytes
    let window = plan.map { $0.before + $0.core + $0.after } ?? 0
    fits = memory.fits && window >= min(FillPlanner.shortestWindow, frames)
    let work = Work(info: info, hole: hole, region: region.width * region.height / 1e6, plan: plan, frames: frames)
    let further = Double(min(max(1, settings.threads), 8) - 1)
    seconds =
      (work.filling + work.coding) / (1 + Self.gain * further)
      + (includesTracking ? work.tracking / (1 + Self.trackingGain * further) : 0)
  }

  /// What a further thread adds to filling and coding, and to tracking, which goes frame by frame.
  private static let gain = 0.6
  private static let trackingGain = 0.1

  /// The part of the working picture that the engine looks at.
  private static func region(around hole: HoleExtent, _ info: MediaInfo, _ scale: Double) -> (
    width: Double, height: Double
  ) {
    let margin = 64.0
    return (
      max(16, min(Double(info.displayedWidth) * scale, hole.width + 2 * margin)),
      max(16, min(Double(info.displayedHeight) * scale, hole.height + 2 * margin))
    )
  }

  /// Seconds of one core; `Benchmarks/jobs` prints what jobs take beside them.
  private struct Work {
    let tracking: Double
    let filling: Double
    let coding: Double

    /// For a million pixels: motion in the region, borrowing in the hole, and what does not depend on either.
    private static let motion = 0.65
    private static let borrowing = 2.2
    private static let fixed = 0.015
    private static let trackingFixed = 0.17
    private static let trackingPixels = 0.12
    private static let codingPixels = 0.08

    init(info: MediaInfo, hole: HoleExtent, region: Double, plan: WindowPlan?, frames: Int) {
      let megapixels = Double(info.width * info.height) / 1e6
      tracking = Double(frames) * (Self.trackingFixed + Self.trackingPixels * megapixels)
      coding = Double(frames) * Self.codingPixels * megapixels
      // Windows overlap: motion is measured anew in what comes before and after their cores.
      let core = min(FillPlanner.longestCore, plan?.core ?? 1)
      let window = Double(core + (plan?.before ?? 0) + (plan?.after ?? 0))
      let measured = min(Double(frames), window) / Double(min(core, frames))
      filling =
        Double(hole.frames) * (Self.fixed + Self.motion * region * max(1, measured) + Self.borrowing * hole.area / 1e6)
    }
  }
}
