import NeuralRuntime

/// How near a result must be.
public enum ParityTolerance: Sendable {
  /// Relative distance over the stored values, and the greatest difference by the tensor's deviation.
  case relative(Double, maxOverDeviation: Double)
  /// The greatest difference.
  case absolute(Double)
  /// The mean difference.
  case meanAbsolute(Double)
  /// The share of stored values that may be other ones.
  case labels(Double)
  /// Corners in turn, from any first one and either way round: the greatest difference.
  case polygon(Double)

  /// The README's bars.
  public static let block = relative(2e-5, maxOverDeviation: 1e-3)
  public static let wholeNetwork = relative(1e-4, maxOverDeviation: 5e-3)
  public static let stateful = relative(1e-3, maxOverDeviation: 2e-2)
}

/// One output against its expectation.
public struct ParityResult: Sendable {
  public let network: String
  public let caseName: String
  public let output: String
  /// In the tolerance's measure: relative, absolute or a share.
  public let error: Double
  public let limit: Double
  /// The greatest difference by the deviation, where it is judged.
  public let maxOverDeviation: Double?
  public let passed: Bool
  /// What went wrong beyond distance.
  public let note: String?

  /// The error as a part of what is allowed.
  public var share: Double { note == nil ? error / max(limit, .leastNormalMagnitude) : .infinity }
}

struct ParityComparison {
  let network: String
  let caseName: String
  let output: ParityOutput
  let tolerance: ParityTolerance

  func failed(_ note: String) -> ParityResult {
    ParityResult(
      network: network, caseName: caseName, output: output.name, error: .infinity, limit: 0, maxOverDeviation: nil,
      passed: false, note: note)
  }

  func compare(_ computed: NeuralTensor, with expected: [Float]) -> ParityResult {
    guard computed.shape == output.shape else {
      return failed("has the shape \(computed.shape) instead of \(output.shape)")
    }
    let stored = computed.withFloats { floats in
      Swift.stride(from: 0, to: floats.count, by: output.stride).map { floats[$0] }
    }
    guard stored.count == expected.count else {
      return failed("\(expected.count) values are stored, not \(stored.count)")
    }
    guard stored.allSatisfy(\.isFinite) || !expected.allSatisfy(\.isFinite) else { return failed("is not finite") }
    switch tolerance {
    case .relative(let limit, let most): return relative(stored, expected, limit, most)
    case .absolute(let limit): return result(Self.differences(stored, expected).max() ?? 0, limit)
    case .meanAbsolute(let limit):
      return result(Self.differences(stored, expected).reduce(0, +) / Double(max(1, stored.count)), limit)
    case .labels(let limit):
      let others = zip(stored, expected).count { $0 != $1 }
      return result(Double(others) / Double(max(1, stored.count)), limit)
    case .polygon(let limit): return result(Self.polygonDistance(stored, expected), limit)
    }
  }

  private func result(_ error: Double, _ limit: Double, most: Double? = nil, mostLimit: Double = 0) -> ParityResult {
    ParityResult(
      network: network, caseName: caseName, output: output.name, error: error, limit: limit, maxOverDeviation: most,
      passed: error <= limit && (most ?? 0) <= mostLimit, note: nil)
  }

  private func relative(_ stored: [Float], _ expected: [Float], _ limit: Double, _ most: Double) -> ParityResult {
    var (distance, norm, greatest) = (0.0, 0.0, 0.0)
    for (a, b) in zip(stored, expected) where a != b {
      let difference = Double(a) - Double(b)
      distance += difference * difference
      greatest = max(greatest, abs(difference))
    }
    for value in expected { norm += Double(value) * Double(value) }
    let error = distance == 0 ? 0 : (distance / max(norm, .leastNormalMagnitude)).squareRoot()
    // A constant tensor has no deviation to judge by.
    return result(error, limit, most: output.deviation > 0 ? greatest / output.deviation : nil, mostLimit: most)
  }

  private static func differences(_ a: [Float], _ b: [Float]) -> [Double] {
    zip(a, b).map { abs(Double($0) - Double($1)) }
  }

  private static func polygonDistance(_ a: [Float], _ b: [Float]) -> Double {
    let corners = stride(from: 0, to: a.count, by: 2).map { Array(a[$0..<min($0 + 2, a.count)]) }
    let turns = [corners, corners.reversed()].flatMap { order in
      order.indices.map { Array(order[$0...] + order[..<$0]).flatMap { $0 } }
    }
    return turns.map { differences($0, b).max() ?? 0 }.min() ?? 0
  }
}
