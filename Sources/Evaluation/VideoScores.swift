import Imaging

/// How near an inpainted clip comes to its reference; means over frames, to four decimals.
public struct VideoScores: Sendable, Equatable, Codable {
  public var frames: Int
  /// Whole frame, dB; 100 for equal frames.
  public var psnr: Double?
  /// nil for frames of less than 65 pixels a side, which the window does not fit.
  public var ssim: Double?
  /// Inside the hole only, dB; nil without holes, as are the next two.
  public var holePSNR: Double?
  /// Gradient magnitude inside the hole relative to the reference's: 1 is right, less is blur, more is noise.
  public var detail: Double?
  /// How much the hole's change from frame to frame departs from the reference's, in levels of 255: 0 is right.
  public var flicker: Double?

  enum CodingKeys: String, CodingKey {
    case frames, psnr, ssim
    case holePSNR = "hole_psnr"
    case detail, flicker
  }

  /// Writes null where there is no score, so that a reader always finds the key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(frames, forKey: .frames)
    try container.encode(psnr, forKey: .psnr)
    try container.encode(ssim, forKey: .ssim)
    try container.encode(holePSNR, forKey: .holePSNR)
    try container.encode(detail, forKey: .detail)
    try container.encode(flicker, forKey: .flicker)
  }
}

/// Scores an inpainted clip frame by frame, as the video inpainting papers define the scores: on 8-bit R'G'B'.
///
/// Holds two frames, whatever the length of the clip.
public struct VideoEvaluator: Sendable {
  private var frames = 0
  private var psnr = RunningMean()
  private var ssim = RunningMean()
  private var holePSNR = RunningMean()
  private var detail = RunningMean()
  private var flicker = RunningMean()
  private var before: (reference: ByteImage, output: ByteImage)?

  public init() {}

  /// Takes the next pair of frames. `hole` is 0 outside the hole; a hole of another size is scaled to the frames by
  /// nearest neighbour.
  /// - Throws: `EvaluationError.wrongSize` where output and reference differ in size.
  public mutating func add(reference: RGBImage, output: RGBImage, hole: Plane<UInt8>? = nil) throws(EvaluationError) {
    guard reference.width == output.width, reference.height == output.height else {
      throw EvaluationError(
        .wrongSize,
        "frame \(frames): \(reference.width)x\(reference.height) against \(output.width)x\(output.height)")
    }
    let truth = ByteImage(reference)
    let guess = ByteImage(output)
    psnr.add(truth.psnr(against: guess))
    if let index = StructuralSimilarity.index(truth, guess) { ssim.add(index) }
    if let hole { score(truth, guess, inside: hole.nearest(width: truth.width, height: truth.height)) }
    before = (truth, guess)
    frames += 1
  }

  private mutating func score(_ truth: ByteImage, _ guess: ByteImage, inside hole: Plane<UInt8>) {
    let inside = hole.samples.indices.filter { hole.samples[$0] != 0 }
    guard !inside.isEmpty else { return }
    holePSNR.add(truth.psnr(against: guess, at: inside))
    detail.add(guess.meanGradient(at: inside) / max(truth.meanGradient(at: inside), 1e-6))
    guard let before, before.reference.width == truth.width, before.reference.height == truth.height else { return }
    var sum = 0
    for pixel in inside {
      for i in 3 * pixel..<3 * pixel + 3 {
        let change = Int(guess.bytes[i]) - Int(before.output.bytes[i])
        sum += abs(change - (Int(truth.bytes[i]) - Int(before.reference.bytes[i])))
      }
    }
    flicker.add(Double(sum) / Double(3 * inside.count))
  }

  /// The means over the frames so far.
  public var scores: VideoScores {
    VideoScores(
      frames: frames, psnr: psnr.value.map(fourDecimals), ssim: ssim.value.map(fourDecimals),
      holePSNR: holePSNR.value.map(fourDecimals), detail: detail.value.map(fourDecimals),
      flicker: flicker.value.map(fourDecimals))
  }
}
