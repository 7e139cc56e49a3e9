import Imaging

/// Reads grey values as labels.
///
/// Only 0 and the largest value: that value is object 1. Otherwise values are labels, unless they look like soft
/// edges (then they are cut in the middle) or like a photograph.
struct GreyLabels {
  let mask: Mask
  let warning: String?

  /// - Parameters:
  ///   - maxValue: the largest value of the depth, 255 or 65535.
  ///   - describe: turns a sentence about the values into the error.
  init<Sample: FixedWidthInteger & Sendable & BitwiseCopyable>(
    _ plane: Plane<Sample>, maxValue: Int, _ describe: (String) -> VideoIOError
  ) throws(VideoIOError) {
    let values = Self.distinct(plane)
    let limit = maxValue
    if values.allSatisfy({ $0 == 0 || $0 == limit }) {
      self.init(plane) { $0 == 0 ? 0 : 1 }
    } else if maxValue > 255, values.allSatisfy({ $0 <= 255 }) {
      try self.init(plane.map { UInt8(truncatingIfNeeded: $0) }, maxValue: 255, describe)
    } else if maxValue == 65535, values.allSatisfy({ $0 % 257 == 0 }) {
      try self.init(plane.map { UInt8(truncatingIfNeeded: $0 / 257) }, maxValue: 255, describe)
    } else if maxValue > 255 {
      throw describe(
        "a deep grey picture with \(values.count) values up to \(values.last ?? 0), neither labels nor black and white")
    } else if Self.isSoft(plane, values) {
      self.init(plane, "soft edges are cut at 127: 255 is object 1") { $0 > 127 ? 1 : 0 }
    } else if values.count > 32, !Self.isFlat(plane) {
      throw describe("a grey picture with \(values.count) values, which is no map of labels")
    } else {
      self.init(plane) { UInt8(truncatingIfNeeded: $0) }
    }
  }

  private init<Sample>(_ plane: Plane<Sample>, _ warning: String? = nil, _ label: (Sample) -> UInt8) {
    mask = Mask(labels: plane.map(label))
    self.warning = warning
  }

  private static func distinct<Sample: FixedWidthInteger>(_ plane: Plane<Sample>) -> [Int] {
    var seen = [Bool](repeating: false, count: 65536)
    for sample in plane.samples { seen[Int(sample)] = true }
    return seen.indices.filter { seen[$0] }
  }

  /// Black and white with some values between along the edges.
  private static func isSoft<Sample: FixedWidthInteger>(_ plane: Plane<Sample>, _ values: [Int]) -> Bool {
    guard values.count > 6, values.first == 0, values.last == 255 else { return false }
    let pure = plane.samples.reduce(0) { $0 + ($1 == 0 || Int($1) == 255 ? 1 : 0) }
    return pure * 10 >= plane.samples.count * 8
  }

  /// Whether most neighbours along rows are equal, as in a map of labels.
  private static func isFlat<Sample: FixedWidthInteger>(_ plane: Plane<Sample>) -> Bool {
    guard plane.width > 1 else { return true }
    var equal = 0
    for y in 0..<plane.height {
      for x in 1..<plane.width where plane[x, y] == plane[x - 1, y] { equal += 1 }
    }
    return equal * 5 >= (plane.width - 1) * plane.height * 4
  }
}
