import Imaging

/// How well tracked masks agree with the truth, as DAVIS 2016 (Perazzi et al.) defines it; to four decimals.
public struct MaskScores: Sendable, Equatable, Codable {
  /// Frames that count: all but the first, which is given.
  public var frames: Int
  /// Region: mean intersection over union.
  public var j: Double?
  /// Boundary: mean F-measure, tolerance 0.008 of the image diagonal.
  public var f: Double?
  /// Mean of the two.
  public var jAndF: Double?
  /// J of the first quarter of the frames less J of the last.
  public var jDecay: Double?

  enum CodingKeys: String, CodingKey {
    case frames
    case j = "J"
    case f = "F"
    case jAndF = "J&F"
    case jDecay = "J_decay"
  }
}

/// Scores tracked masks frame by frame.
public struct MaskEvaluator: Sendable {
  /// J of each frame but the first.
  public private(set) var regionScores: [Double] = []
  /// F of each frame but the first.
  public private(set) var boundaryScores: [Double] = []
  private var isFirst = true

  public init() {}

  /// Takes the next pair; 0 is background, anything else the object. A prediction of another size is scaled to the
  /// truth's by nearest neighbour. The first pair does not count.
  public mutating func add(truth: Plane<UInt8>, prediction: Plane<UInt8>) {
    if isFirst {
      isFirst = false
      return
    }
    let guess = prediction.nearest(width: truth.width, height: truth.height)
    regionScores.append(MaskEvaluator.intersectionOverUnion(truth, guess))
    boundaryScores.append(BoundaryMeasure.f(truth, guess))
  }

  /// 1 for two empty masks. Both of one size.
  public static func intersectionOverUnion(_ a: Plane<UInt8>, _ b: Plane<UInt8>) -> Double {
    var both = 0
    var either = 0
    for (x, y) in zip(a.samples, b.samples) {
      if x != 0 && y != 0 { both += 1 }
      if x != 0 || y != 0 { either += 1 }
    }
    return either == 0 ? 1 : Double(both) / Double(either)
  }

  /// The means over the frames so far; nil where only the first was seen.
  public var scores: MaskScores {
    guard !regionScores.isEmpty else { return MaskScores(frames: 0) }
    let mean = { (values: ArraySlice<Double>) in fourDecimals(values.reduce(0, +) / Double(values.count)) }
    let j = mean(regionScores[...])
    let f = mean(boundaryScores[...])
    let quarter = max(1, regionScores.count / 4)
    return MaskScores(
      frames: regionScores.count, j: j, f: f, jAndF: fourDecimals((j + f) / 2),
      jDecay: fourDecimals(mean(regionScores.prefix(quarter)) - mean(regionScores.suffix(quarter))))
  }
}
