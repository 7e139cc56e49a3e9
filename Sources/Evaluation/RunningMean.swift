/// A mean over frames, nil while there are none.
struct RunningMean: Sendable {
  private var sum = 0.0
  private var count = 0.0

  mutating func add(_ value: Double) {
    sum += value
    count += 1
  }

  var value: Double? { count == 0 ? nil : sum / count }
}

/// Four decimals, as the scores are printed.
func fourDecimals(_ value: Double) -> Double { (value * 10000).rounded(.toNearestOrEven) / 10000 }
