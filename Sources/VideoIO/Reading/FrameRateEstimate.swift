/// The frame rate that explains the times of frames, exact where there is one.
struct FrameRateEstimate {
  let rate: Rational
  let isVariable: Bool

  private static let standard = [
    Rational(24000, 1001), Rational(24, 1), Rational(25, 1), Rational(30000, 1001), Rational(30, 1), Rational(48, 1),
    Rational(50, 1), Rational(60000, 1001), Rational(60, 1), Rational(12, 1), Rational(15, 1), Rational(10, 1),
    Rational(100, 1), Rational(120000, 1001), Rational(120, 1), Rational(20, 1),
  ]

  /// - Parameters:
  ///   - times: in units of `timeBase`, ascending.
  ///   - declared: what the container says, most trusted first; fractions of 0 are passed over.
  init(times: [Int64], lastDuration: Int64, timeBase: Rational, declared: [Rational]) {
    let declared = declared.filter { $0.numerator > 0 && $0.denominator > 0 && $0.value < 100_000 }
    guard times.count > 1 else {
      self.init(rate: declared.first ?? Self.rate(frames: 1, ticks: max(1, lastDuration), timeBase), isVariable: false)
      return
    }
    let span = times[times.count - 1] &- times[0]
    let mean = Self.rate(frames: times.count - 1, ticks: span, timeBase)
    // A round rate wins over the mean, since coarse time bases (milliseconds in Matroska) blur the mean.
    let steady = Set(zip(times, times.dropFirst()).lazy.map { $1 &- $0 }.prefix(1 << 16)).count == 1
    let candidates = declared + (steady ? [mean] : Self.standard + [mean])
    if let rate = candidates.first(where: { Self.explains($0, times, timeBase) }) {
      self.init(rate: rate, isVariable: false)
    } else {
      self.init(rate: mean, isVariable: true)
    }
  }

  private init(rate: Rational, isVariable: Bool) {
    self.rate = rate
    self.isVariable = isVariable
  }

  /// Whether frame i lies within one tick (or a hundredth of a frame) of i / rate, for all frames.
  private static func explains(_ rate: Rational, _ times: [Int64], _ timeBase: Rational) -> Bool {
    let step = Double(rate.denominator) / Double(rate.numerator) / timeBase.value
    let tolerance = max(1.01, step / 100)
    let origin = times[0]
    return step.isFinite
      && times.indices.allSatisfy { abs(Double(times[$0] &- origin) - Double($0) * step) <= tolerance }
  }

  private static func rate(frames: Int, ticks: Int64, _ timeBase: Rational) -> Rational {
    let (numerator, overflow) = frames.multipliedReportingOverflow(by: timeBase.denominator)
    let (denominator, overflowed) = Int(max(1, ticks)).multipliedReportingOverflow(by: max(1, timeBase.numerator))
    if overflow || overflowed { return Rational(25, 1) }
    return Rational(numerator, denominator).reduced
  }
}

extension Rational {
  /// In lowest terms.
  var reduced: Rational {
    var (a, b) = (abs(numerator), abs(denominator))
    while b != 0 { (a, b) = (b, a % b) }
    return a > 1 ? Rational(numerator / a, denominator / a) : self
  }
}
