import Imaging
import NeuralRuntime

/// Follows objects with DeAOT or AOT.
///
/// Frames are reduced so that the shorter side is at most 480 pixels and the longer one 1040, as in the authors' evaluation.
/// Every `longTermMemoryGap`-th frame enters the long-term memory, which holds at most `longTermMemoryLength` frames and no more
/// than `memoryLimit` bytes; first and corrected frames are kept for good.
///
/// A value: copying it forks the track. The result depends only on frames, corrections and results so far, never on `threads`.
public struct DeAOTTracker: Tracker {
  /// The sides of the pictures that the network sees, at most.
  public static let sides = (shorter: 480, longer: 1040)
  /// Bytes of frames in the long-term memory.
  public static let memoryLimit = 512 << 20

  private let network: DeAOTNetwork
  private let options: TrackingOptions
  private let threads: Int
  private var objects = ObjectPlanes()
  private var state: DeAOTState?
  private var size: (width: Int, height: Int)?

  public init(_ network: DeAOTNetwork, options: TrackingOptions = .init(), threads: Int = 1) {
    self.network = network
    self.options = options
    self.threads = max(1, threads)
  }

  public mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask {
    try TrackedFrames.check(frame, correction, before: size)
    let features = try features(frame)
    if let correction { return try accept(correction, features) }
    try state!.propagate(features)
    let (height, width) = Self.pictureSize(frame.width, frame.height)
    let tracked = objects.tracked(
      try state!.probabilities(height: height, width: width), width: frame.width, height: frame.height,
      threads: threads)
    try state!.update(labels: labels(of: tracked.mask))
    return tracked
  }

  public mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws {
    try TrackedFrames.check(frame, correction, before: size)
    try TrackedFrames.check(frame, tracked.mask, before: (frame.width, frame.height))
    let features = try features(frame)
    if let correction {
      _ = try accept(correction, features)
    } else {
      try state!.propagate(features)
      try state!.update(labels: labels(of: tracked.mask))
    }
  }

  private mutating func accept(_ correction: Mask, _ features: DeAOTNetwork.Features) throws -> TrackedMask {
    let cap = min(options.longTermMemoryLength, framesHeld(features))
    var state = self.state ?? DeAOTState(network, gap: options.longTermMemoryGap, cap: cap)
    self.state = nil
    size = (correction.width, correction.height)
    objects.add(objectsOf: correction)
    try state.addReference(features, labels: labels(of: correction), objects: objects.labels.count)
    self.state = state
    return TrackedMask(
      mask: correction, confidence: Dictionary(uniqueKeysWithValues: objects.labels.map { ($0, Float(1)) }))
  }

  private func framesHeld(_ features: DeAOTNetwork.Features) -> Int {
    max(1, Self.memoryLimit / (features.rows * features.columns * network.sizes.remembered * 4))
  }

  private func features(_ frame: RGBImage) throws -> DeAOTNetwork.Features {
    let (height, width) = Self.pictureSize(frame.width, frame.height)
    let picture = frame.resized(width: width, height: height, interpolation: .bicubic, threads: threads)
    return try network.encode(NormalisedPicture.tensor(picture, threads: threads))
  }

  /// Sides of 16 k + 1, rounded half to even.
  private static func pictureSize(_ width: Int, _ height: Int) -> (height: Int, width: Int) {
    let scale = min(
      1, Double(sides.shorter) / Double(min(width, height)), Double(sides.longer) / Double(max(width, height))
    )
    func side(_ side: Int) -> Int {
      Int(((Double(side) * scale - 1) / 16).rounded(.toNearestOrEven)) * 16 + 1
    }
    return (max(17, side(height)), max(17, side(width)))
  }

  /// Bytes that following up to ten objects takes: the weights and what running them holds, as measured with R50-DeAOT-L, and
  /// a full memory.
  public static func memory(width: Int, height: Int, options: TrackingOptions = .init()) -> Int {
    let picture = pictureSize(width, height)
    let pixels = picture.width * picture.height
    let frame = pixels / 256 * 3 * (128 + 2 * 512) * 4
    let given = 3
    let remembered = min(options.longTermMemoryLength, max(1, memoryLimit / frame))
    return 200 << 20 + 1700 * pixels + (remembered + given) * frame
  }

  /// The objects' numbers at the size of the network's picture.
  private func labels(of mask: Mask) -> LabelMap {
    let numbers = objects.numbers
    let (height, width) = Self.pictureSize(mask.width, mask.height)
    return LabelMap(
      width: mask.width, height: mask.height, labels: mask.labels.samples.map { UInt16(numbers[Int($0)]) }
    ).resized(width: width, height: height)
  }
}
