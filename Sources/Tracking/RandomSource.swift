/// SplitMix64: the same numbers on every machine.
struct RandomSource: Sendable, Equatable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In 0..<limit; limit is at least 1.
  mutating func index(_ limit: Int) -> Int { Int(((next() >> 32) &* UInt64(limit)) >> 32) }

  /// In low..<high.
  mutating func float(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * (Float(next() >> 40) / Float(1 << 24))
  }
}
