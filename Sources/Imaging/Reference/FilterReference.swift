import CPixelKernels

extension PixelReference {
  @inlinable
  public static func weigh<T: BinaryFloatingPoint>(_ rows: [[T]], _ weights: [Float]) -> [Float] {
    rows[0].indices.map { i in
      (1..<rows.count).reduce(weights[0] * Float(rows[0][i])) { $0 + weights[$1] * Float(rows[$1][i]) }
    }
  }

  @inlinable
  public static func weigh<T: FixedWidthInteger>(_ rows: [[T]], _ weights: [Float]) -> [Float] {
    weigh(rows.map { $0.map { Float($0) } }, weights)
  }

  @inlinable
  public static func convolve(_ row: [Float], step: Int, _ weights: [Float]) -> [Float] {
    (0..<row.count - (weights.count - 1) * step).map { i in
      weights.indices.dropFirst().reduce(weights[0] * row[i]) { $0 + weights[$1] * row[i + $1 * step] }
    }
  }

  /// Output samples of `channels` floats, each made of `taps` input samples from its start on.
  @inlinable
  public static func gather(
    _ row: [Float], channels: Int, starts: [Int32], _ weights: [Float], taps: Int
  ) -> [Float] {
    var out = [Float](repeating: 0, count: starts.count * channels)
    for i in starts.indices {
      for channel in 0..<channels {
        let first = Int(starts[i]) * channels + channel
        var sum = weights[i * taps] * row[first]
        for tap in 1..<taps { sum += weights[i * taps + tap] * row[first + tap * channels] }
        out[i * channels + channel] = sum
      }
    }
    return out
  }

  @inlinable
  public static func round<T: FixedWidthInteger>(_ row: [Float], max limit: Float) -> [T] {
    row.map { T(max(0, min(limit, $0)) + 0.5) }
  }

  @inlinable
  public static func halve(_ a: [UInt8], _ b: [UInt8]) -> [UInt8] {
    (0..<a.count / 2).map { i in
      let four = [a[2 * i], a[2 * i + 1], b[2 * i], b[2 * i + 1]].map { Int($0) }
      return UInt8((four.reduce(0, +) + 2) >> 2)
    }
  }

  @inlinable
  public static func halve(words a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    let pairs = zip(components(a), components(b))
    let halves = pairs.map { a, b -> [UInt32] in
      (0..<a.count / 2).map { i in
        let sum = a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1]
        return (UInt32(sum) + 2) >> 2
      }
    }
    return halves[0].indices.flatMap { [halves[0][$0] | halves[1][$0] << 16, halves[2][$0]] }
  }

  @inlinable
  public static func columnSteps(set: [UInt8], previous: [Int32]) -> [Int32] {
    zip(set, previous).map { $0 > 0 ? 0 : min($1 + 1, Int32(CPK_FAR)) }
  }

  @inlinable
  public static func columnStepsBack(below: [Int32], _ row: [Int32]) -> [Int32] {
    zip(below, row).map { min($0 + 1, $1) }
  }

  /// By comparing all pairs.
  @inlinable
  public static func rowDistances(_ steps: [Int32]) -> [Int32] {
    let apexes = steps.indices.filter { steps[$0] < CPK_FAR }
    return steps.indices.map { x in
      Int32(clamping: apexes.map { ($0 - x) * ($0 - x) + Int(steps[$0]) * Int(steps[$0]) }.min() ?? .max)
    }
  }
}
