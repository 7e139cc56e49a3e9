import Imaging

/// Draws for learning: the same numbers on every machine.
struct RandomSource: Sendable, Equatable {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// In 0..<limit; limit is at least 1.
  mutating func index(_ limit: Int) -> Int { Int(((generator.next() >> 32) &* UInt64(limit)) >> 32) }

  /// In low..<high.
  mutating func float(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * (Float(generator.next() >> 40) / Float(1 << 24))
  }
}
