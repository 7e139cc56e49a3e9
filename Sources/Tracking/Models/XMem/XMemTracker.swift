import Imaging
import NeuralRuntime

/// Follows objects with XMem.
///
/// Frames are reduced so that the shorter side is at most 480 pixels, the size that the network is used at. Every
/// `longTermMemoryGap`-th frame and every corrected one enters the working memory, which holds at most ten frames; what leaves
/// it is condensed into a long-term memory of bounded size, so that memory does not grow with the video. The first frame is
/// kept for good.
///
/// A value: copying it forks the track. The result depends only on frames and corrections, never on `threads`.
public struct XMemTracker: Tracker {
  /// The shorter side of the pictures that the network sees, at most.
  public static let side = 480

  private let network: XMemNetwork
  private let settings: XMemSettings
  private let threads: Int
  private var objects = ObjectPlanes()
  private var state: XMemState
  private var size: (width: Int, height: Int)?

  public init(_ network: XMemNetwork, options: TrackingOptions = .init(), threads: Int = 1) {
    self.network = network
    self.threads = max(1, threads)
    settings = XMemSettings(options)
    state = XMemState(network, settings: settings, threads: self.threads)
  }

  public mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask {
    try TrackedFrames.check(frame, correction, before: size)
    size = (frame.width, frame.height)
    let picture = reduced(frame)
    let image = NormalisedPicture.tensor(picture, threads: threads)
    guard let correction else {
      return objects.tracked(
        try state.step(image), width: frame.width, height: frame.height, threads: threads)
    }
    objects.add(objectsOf: correction)
    let masks = objects.planes(of: correction.resized(width: picture.width, height: picture.height))
    _ = try state.step(image, given: .init(masks: masks, decided: Set(objects.labels.indices)))
    let confidence = Dictionary(uniqueKeysWithValues: objects.labels.map { ($0, Float(1)) })
    return TrackedMask(mask: correction, confidence: confidence)
  }

  /// The sensory memory follows probabilities that a mask does not hold, so this is a step whose result is dropped.
  public mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws {
    _ = try step(frame, correction: correction)
  }

  private func reduced(_ frame: RGBImage) -> RGBImage {
    let picture = Self.pictureSize(frame.width, frame.height)
    return frame.resized(width: picture.width, height: picture.height, interpolation: .bilinear, threads: threads)
  }

  private static func pictureSize(_ width: Int, _ height: Int) -> (width: Int, height: Int) {
    let scale = min(1, Double(Self.side) / Double(max(1, min(width, height))))
    func side(_ side: Int) -> Int { max(1, Int((Double(side) * scale).rounded())) }
    return (side(width), side(height))
  }

  /// Bytes that following a few objects takes: the weights and what running them holds, as measured with the released sizes,
  /// and full memories.
  public static func memory(width: Int, height: Int, options: TrackingOptions = .init()) -> Int {
    let settings = XMemSettings(options)
    let picture = pictureSize(width, height)
    let pixels = picture.width * picture.height
    let elements = settings.mostWorkingFrames * pixels / 256 + settings.mostLongTermElements
    let (objects, value, key) = (4, 512 * 4, 325 * 4)
    return 390 << 20 + 1200 * pixels + elements * (objects * value + key)
  }
}

extension XMemSettings {
  /// Gap and cap as they are chosen for all trackers: without frames to remember only given ones are; with few the working
  /// memory is smaller, and the long-term memory grows by a set of prototypes for each.
  init(_ options: TrackingOptions) {
    self.init()
    let cap = options.longTermMemoryLength
    memoryGap = cap == 0 ? .max : options.longTermMemoryGap
    mostWorkingFrames = max(2, min(mostWorkingFrames, cap))
    leastWorkingFrames = max(1, min(leastWorkingFrames, mostWorkingFrames / 2))
    mostLongTermElements = max(2, min(mostLongTermElements / prototypes, cap)) * prototypes
  }
}
