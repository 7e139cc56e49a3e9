import Imaging

/// Looks for an object over the whole frame by its look alone.
struct ObjectSearch {
  /// Sums over the rectangle above and left of each corner of a cell.
  private let sums: [Double]
  private let width: Int
  private let height: Int

  init(model: AppearanceModel, index: Int, hidden: [Float], grid: WorkingGrid) {
    width = grid.width
    height = grid.height
    let pose = Pose(center: .zero, half: SIMD2(1, 1))
    let look = model.margins(index, hidden: hidden, width: grid.width, region: grid.bounds, pose: pose).look
    var sums = [Double](repeating: 0, count: (width + 1) * (height + 1))
    for y in 0..<height {
      var row = 0.0
      for x in 0..<width {
        row += Double(Logistic.sigmoid(look[y * width + x]))
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row
      }
    }
    self.sums = sums
  }

  /// The place where the look fills `area` cells of a box like `pose`'s and little around it; nil where none is likely.
  func best(like pose: Pose, area: Float, missing: Int) -> Pose? {
    var best: (score: Float, pose: Pose)?
    for scale in [Float(0.7), 1, 1.4] {
      let half = pose.half * scale
      let step = max(1, Int(min(half.x, half.y) / 3))
      for y in stride(from: 0, to: height, by: step) {
        for x in stride(from: 0, to: width, by: step) {
          let candidate = Pose(center: SIMD2(Float(x), Float(y)), half: half)
          let score = self.score(candidate, area * scale * scale) - penalty(candidate, pose, missing)
          if score > best?.score ?? Tuning.found { best = (score, candidate) }
        }
      }
    }
    return best?.pose
  }

  /// A place that looks clearly more like the object than `pose`, or nil.
  func better(than pose: Pose, area: Float, missing: Int) -> Pose? {
    guard let found = best(like: pose, area: area, missing: missing) else { return nil }
    let scale = found.half.x / pose.half.x
    return score(found, area * scale * scale) > score(pose, area) + Tuning.clearly ? found : nil
  }

  private func score(_ pose: Pose, _ area: Float) -> Float {
    let inner = sum(pose, 1)
    let outer = sum(pose, 1.5)
    let around = (outer.sum - inner.sum) / max(1, outer.cells - inner.cells)
    return min(1.2, inner.sum / max(1, area)) - 1.5 * around
  }

  /// Far away is less likely, the less so the longer it was not seen.
  private func penalty(_ pose: Pose, _ last: Pose, _ missing: Int) -> Float {
    let way = pose.center - last.center
    let distance = (way.x * way.x + way.y * way.y).squareRoot() / Float(max(width, height))
    return 0.4 * distance / (1 + 0.1 * Float(missing))
  }

  private func sum(_ pose: Pose, _ scale: Float) -> (sum: Float, cells: Float) {
    let left = max(0, Int((pose.center.x - pose.half.x * scale).rounded()))
    let right = min(width, Int((pose.center.x + pose.half.x * scale).rounded()) + 1)
    let top = max(0, Int((pose.center.y - pose.half.y * scale).rounded()))
    let bottom = min(height, Int((pose.center.y + pose.half.y * scale).rounded()) + 1)
    guard right > left, bottom > top else { return (0, 0) }
    let stride = width + 1
    let total =
      sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left]
      + sums[top * stride + left]
    return (Float(total), Float((right - left) * (bottom - top)))
  }
}
