import CPixelKernels

/// How samples between those given are found when a picture grows. Shrinking always averages over the area that an
/// output sample covers.
public enum Interpolation: Sendable, Hashable {
  case bilinear
  /// Cubic convolution with a = -0.5 (Keys 1981, Catmull-Rom): sharper, overshoots at edges.
  case bicubic
}

/// For each output sample of a resized axis: which input samples it is made of, and their weights.
struct AxisWeights {
  /// Input samples to each output sample.
  let taps: Int
  /// The first input sample of each output sample; `starts + taps` stays within the axis.
  let starts: [Int32]
  /// `taps` weights for each output sample, adding up to 1.
  let weights: [Float]

  init(from input: Int, to output: Int, _ interpolation: Interpolation) {
    let scale = Double(input) / Double(output)
    let rows = (0..<output).map { index in
      scale > 1
        ? Self.area(index, scale, input) : Self.interpolated((Double(index) + 0.5) * scale - 0.5, input, interpolation)
    }
    let taps = rows.reduce(1) { max($0, $1.weights.count) }
    var starts: [Int32] = []
    var weights = [Float](repeating: 0, count: output * taps)
    for (index, row) in rows.enumerated() {
      let start = min(row.start, input - taps)
      let total = row.weights.reduce(0, +)
      for (offset, weight) in row.weights.enumerated() {
        weights[index * taps + row.start - start + offset] = Float(weight / total)
      }
      starts.append(Int32(start))
    }
    self.taps = taps
    self.starts = starts
    self.weights = weights
  }

  /// The share of each input sample in `index * scale ..< (index + 1) * scale`.
  private static func area(_ index: Int, _ scale: Double, _ input: Int) -> (start: Int, weights: [Double]) {
    let from = Double(index) * scale
    let to = min(Double(index + 1) * scale, Double(input))
    let start = min(Int(from), input - 1)
    let end = max(start + 1, min(input, Int(to.rounded(.up))))
    let weights = (start..<end).map { max(0, min(Double($0 + 1), to) - max(Double($0), from)) }
    return (start, weights)
  }

  /// The samples around `position`; those beyond the ends count towards the first and last.
  private static func interpolated(
    _ position: Double, _ input: Int, _ interpolation: Interpolation
  ) -> (start: Int, weights: [Double]) {
    let left = Int(position.rounded(.down))
    let t = position - Double(left)
    let around: [Double] =
      interpolation == .bilinear
      ? [1 - t, t]
      : [
        ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
      ]
    let first = interpolation == .bilinear ? left : left - 1
    let clamped = (0..<around.count).map { max(0, min(input - 1, first + $0)) }
    var weights = [Double](repeating: 0, count: clamped[around.count - 1] - clamped[0] + 1)
    for (sample, weight) in zip(clamped, around) { weights[sample - clamped[0]] += weight }
    return (clamped[0], weights)
  }

  /// The weights of output sample `index`.
  func weights(of index: Int) -> ArraySlice<Float> { weights[index * taps..<(index + 1) * taps] }
}
