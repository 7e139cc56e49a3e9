/// A template's samples against a frame's: gain and bias, and the blocks that agree.
struct BlockFit {
  private let values: [Float]
  private let level: PlanarTemplate.Level
  /// For each block: 0 leave it out … 1 count it in full.
  private(set) var weights: [Float]
  /// For each block the mean squared difference, as a share of the block's variance.
  private(set) var errors: [Float]
  /// Share of each block that lies inside the frame.
  let insides: [Float]
  private(set) var correlation: Float = 0
  private var gain: Float = 1
  private var bias: Float = 0

  /// - Parameter values: the frame at the level's samples, NaN outside. Nil where too little lies inside.
  init?(_ values: [Float], _ level: PlanarTemplate.Level, weights: [Float]? = nil) {
    self.values = values
    self.level = level
    let count = level.blockSizes.count
    var inside = [Float](repeating: 0, count: count)
    for (i, value) in values.enumerated() where !value.isNaN { inside[Int(level.blocks[i])] += 1 }
    guard inside.reduce(0, +) >= 24 else { return nil }
    insides = zip(inside, level.blockSizes).map { $1 > 0 ? $0 / $1 : 0 }
    self.weights = weights ?? Array(repeating: 1, count: count)
    errors = Array(repeating: 0, count: count)
  }

  /// Fits gain and bias to the blocks as they are weighted, then weighs them anew, if blocks may be left out.
  mutating func reweigh(noise: Float, leavingOut: Bool = true) {
    fitLevels()
    var sums = [Float](repeating: 0, count: weights.count)
    var counts = sums
    for i in values.indices where !values[i].isNaN {
      let r = gain * values[i] + bias - level.values[i]
      sums[Int(level.blocks[i])] += r * r
      counts[Int(level.blocks[i])] += 1
    }
    for block in sums.indices {
      errors[block] = counts[block] > 0 ? sums[block] / counts[block] / (level.blockVariances[block] + noise) : 2
    }
    guard leavingOut else { return }
    let present = errors.indices.filter { counts[$0] > 0 }.map { errors[$0] }.sorted()
    let usual = max(0.15, 2.5 * present[present.count * 2 / 5])
    for block in weights.indices {
      let ratio = errors[block] / usual
      weights[block] = 1 / (1 + ratio * ratio * ratio * ratio)
    }
  }

  /// What each sample shows beyond the template, gain and bias taken out; NaN outside the frame.
  var residuals: [Float] { values.indices.map { gain * values[$0] + bias - level.values[$0] } }

  private mutating func fitLevels() {
    var (n, si, st, sii, stt, sit): (Float, Float, Float, Float, Float, Float) = (0, 0, 0, 0, 0, 0)
    for i in values.indices where !values[i].isNaN {
      let w = weights[Int(level.blocks[i])]
      let (a, b) = (values[i] - 128, level.values[i] - 128)
      n += w
      si += w * a
      st += w * b
      sii += w * a * a
      stt += w * b * b
      sit += w * a * b
    }
    guard n > 1e-3 else { return }
    let (vi, vt, cov) = (sii / n - si / n * (si / n), stt / n - st / n * (st / n), sit / n - si / n * (st / n))
    correlation = vi > 0.05 && vt > 0.05 ? cov / (vi * vt).squareRoot() : 0
    gain = vi > 0.05 ? min(5, max(0.2, (vt / vi).squareRoot())) : 1
    bias = st / n + 128 - gain * (si / n + 128)
  }

  /// The Gauss-Newton step in target coordinates, or nil where the samples do not determine it.
  func step(_ level: PlanarTemplate.Level, _ model: Homography.Model) -> Homography? {
    var rows = [SIMD8<Float>](repeating: .zero, count: 8)
    var right = SIMD8<Float>.zero
    for i in values.indices where !values[i].isNaN {
      let r = gain * values[i] + bias - level.values[i]
      let huber = 12 / max(12, abs(r))
      let w = weights[Int(level.blocks[i])] * huber
      let step = level.steps[i]
      let weighted = step * w
      right += weighted * r
      for k in 0..<8 { rows[k] += step * weighted[k] }
    }
    let size = model.parameters
    var system = LinearSystem(size: size)
    for i in 0..<size {
      for j in 0..<size { system.set(i, j, Double(rows[i][j]) * (i == j ? 1.0005 : 1)) }
      system.set(i, value: Double(right[i]))
    }
    guard let d = system.solved() else { return nil }
    let tilt = size == 8 ? (d[6], d[7]) : (0, 0)
    return Homography([1 + d[0], d[1], d[2], d[3], 1 + d[4], d[5], tilt.0, tilt.1, 1])
  }
}
