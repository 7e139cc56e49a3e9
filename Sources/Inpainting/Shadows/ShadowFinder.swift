import Imaging
import Motion

/// Finds the shadows that masked objects cast, frame by frame of one shot.
///
/// A pixel lies in shadow where it is darker, by a ratio that is smooth and about the same in all channels, than the same
/// place of the scene on frames where the object is far from it, and where the dark area touches the object. The frames
/// are laid over each other by the camera's motion. What never leaves its place leaves no such evidence.
///
/// Works on copies of at most 320 pixels and holds about 120 of them. The result does not depend on `threads`.
public struct ShadowFinder: ~Copyable {
  private let width: Int
  private let height: Int
  private let threads: Int
  private var samples: [ShadowSample] = []
  /// The frame number of the first of `samples`.
  private var first = 0
  /// Frames whose shadows have been told.
  private var told = 0

  /// Frames, each way, with which a frame is compared.
  public static let reach = 60

  /// - Parameters: the size of the frames, in pixels.
  public init(width: Int, height: Int, threads: Int = 1) {
    (self.width, self.height, self.threads) = (width, height, threads)
  }

  /// Takes the shot's next frame with the mask of its objects, of the size given.
  /// - Returns: the shadows on frames of which enough is known by now, in order, each with the label of the object that
  ///   casts it. Where object and shadow meet they may overlap.
  public mutating func add(_ image: RGBImage, mask: Mask) -> [Mask] {
    let sample = ShadowSample(image, mask, after: samples.last)
    if !samples.isEmpty { samples[samples.count - 1].forgetMotion() }
    samples.append(sample)
    guard samples.count + first - told > ShadowFinder.reach else { return [] }
    return [tell()]
  }

  /// The shadows on the remaining frames.
  public mutating func finish() -> [Mask] {
    var out: [Mask] = []
    while told < first + samples.count { out.append(tell()) }
    return out
  }

  private mutating func tell() -> Mask {
    let index = told - first
    var shadow = Mask(width: 1, height: 1)
    if let evidence = ShadowEvidence(samples, at: index, threads: threads) {
      shadow = ShadowGrowth(evidence: evidence, mask: samples[index].mask).shadow()
    }
    told += 1
    while told - first > ShadowFinder.reach {
      samples.removeFirst()
      first += 1
    }
    return shadow.resized(width: width, height: height)
  }
}
