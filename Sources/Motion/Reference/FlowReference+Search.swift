import Imaging

extension FlowReference {
  /// Dense inverse search at one scale, all rows in one band, from no motion: a vector for each patch.
  public static func searched(from: Plane<Float>, to: Plane<Float>, stride: Int, iterations: Int, settled: Float)
    -> FlowField
  {
    let search = PatchSearch(from: from, to: to, iterations: iterations, settled: settled)
    var patches = FlowField(
      width: (from.width - 9 + stride) / stride + 1, height: (from.height - 9 + stride) / stride + 1)
    for step in [1, -1] {
      let rows = step > 0 ? Array(0..<patches.height) : Array((0..<patches.height).reversed())
      let columns = step > 0 ? Array(0..<patches.width) : Array((0..<patches.width).reversed())
      for j in rows {
        for i in columns {
          let patch = Patch(search, min(i * stride, from.width - 8), min(j * stride, from.height - 8))
          let start = patches[i, j]
          var best = start
          var sums = patch.compare(start)
          // The neighbours that this pass has been to.
          for (ni, nj) in [(i - step, j), (i, j - step)]
          where ni >= 0 && nj >= 0 && ni < patches.width && nj < patches.height && patches[ni, nj] != best {
            let other = patch.compare(patches[ni, nj])
            if other.residual < sums.residual { (best, sums) = (patches[ni, nj], other) }
          }
          patches[i, j] = step > 0 || best != start ? patch.descend(from: best, sums) : best
        }
      }
    }
    return patches
  }

  /// For each sample the mean of the patches over it, weighted by how well they match.
  public static func densified(from: Plane<Float>, to: Plane<Float>, patches: FlowField, stride: Int) -> FlowField {
    var (weights, sums) = (
      [Float](repeating: 0, count: from.samples.count), FlowField(width: from.width, height: from.height)
    )
    for j in 0..<patches.height {
      for i in 0..<patches.width {
        let (left, top) = (min(i * stride, from.width - 8), min(j * stride, from.height - 8))
        let place = PatchPlace(to, left, top, patches[i, j])
        for y in 0..<8 {
          for x in 0..<8 {
            let weight = 1 / max(abs(place.sample(x, y) - from[left + x, top + y]), 1)
            weights[(top + y) * from.width + left + x] += weight
            sums[left + x, top + y] += patches[i, j] * weight
          }
        }
      }
    }
    for index in weights.indices { sums.vectors[index] *= 1 / weights[index] }
    return sums
  }
}

private struct PatchSearch {
  let from: Plane<Float>
  let to: Plane<Float>
  let gradients: (x: Plane<Float>, y: Plane<Float>)
  let iterations: Int
  let settled: Float

  init(from: Plane<Float>, to: Plane<Float>, iterations: Int, settled: Float) {
    (self.from, self.to, self.iterations, self.settled) = (from, to, iterations, settled)
    gradients = FlowReference.gradients(from)
  }
}

/// Where a moved patch begins in the second picture.
private struct PatchPlace {
  let to: Plane<Float>
  let x: Int
  let y: Int
  let fraction: SIMD2<Float>

  init(_ to: Plane<Float>, _ left: Int, _ top: Int, _ vector: SIMD2<Float>) {
    self.to = to
    let place = SIMD2(
      min(max(Float(left) + vector.x, -8), Float(to.width - 1)),
      min(max(Float(top) + vector.y, -8), Float(to.height - 1)))
    (x, y) = (Int(place.x + 16) - 16, Int(place.y + 16) - 16)
    fraction = SIMD2(place.x - Float(x), place.y - Float(y))
  }

  func sample(_ dx: Int, _ dy: Int) -> Float {
    func across(_ row: Int) -> Float {
      let (left, right) = (to.clamped(x + dx, row), to.clamped(x + dx + 1, row))
      return left + (right - left) * fraction.x
    }
    let (upper, lower) = (across(y + dy), across(y + dy + 1))
    return upper + (lower - upper) * fraction.y
  }
}

/// Sums over a patch of the difference and its products with the derivatives.
private struct PatchSums {
  var d: Float, dd: Float, gxd: Float, gyd: Float

  /// Mean squared difference after taking out the mean.
  var residual: Float { max(0, (dd - d * d * (1 / 64)) * (1 / 64)) }
}

private struct Patch {
  let search: PatchSearch
  let left: Int
  let top: Int

  init(_ search: PatchSearch, _ left: Int, _ top: Int) { (self.search, self.left, self.top) = (search, left, top) }

  /// Eight columns summed downward, then pairwise: the order in which the kernel's lanes add up.
  private func sum(_ value: (Int, Int) -> Float) -> Float {
    var c = [Float](repeating: 0, count: 8)
    for y in 0..<8 { for x in 0..<8 { c[x] += value(x, y) } }
    return ((c[0] + c[4]) + (c[1] + c[5])) + ((c[2] + c[6]) + (c[3] + c[7]))
  }

  private func gx(_ x: Int, _ y: Int) -> Float { search.gradients.x[left + x, top + y] }
  private func gy(_ x: Int, _ y: Int) -> Float { search.gradients.y[left + x, top + y] }

  func compare(_ vector: SIMD2<Float>) -> PatchSums {
    let place = PatchPlace(search.to, left, top, vector)
    func d(_ x: Int, _ y: Int) -> Float { place.sample(x, y) - search.from[left + x, top + y] }
    return PatchSums(
      d: sum(d), dd: sum { d($0, $1) * d($0, $1) }, gxd: sum { d($0, $1) * gx($0, $1) },
      gyd: sum { d($0, $1) * gy($0, $1) })
  }

  /// Gauss-Newton, while the residual falls.
  func descend(from start: SIMD2<Float>, _ first: PatchSums) -> SIMD2<Float> {
    let (sx, sy) = (sum(gx), sum(gy))
    let xx = sum { gx($0, $1) * gx($0, $1) } - sx * sx * (1 / 64) + 1
    let xy = sum { gx($0, $1) * gy($0, $1) } - sx * sy * (1 / 64)
    let yy = sum { gy($0, $1) * gy($0, $1) } - sy * sy * (1 / 64) + 1
    let determinant = xx * yy - xy * xy
    var (best, sums) = (start, first)
    for _ in 0..<search.iterations where determinant > 1e-3 {
      let (ex, ey) = (sums.gxd - sx * sums.d * (1 / 64), sums.gyd - sy * sums.d * (1 / 64))
      let step = SIMD2((yy * ex - xy * ey) / determinant, (xx * ey - xy * ex) / determinant)
      let next = best - step
      let way = next - start
      guard way.x * way.x + way.y * way.y < 64 else { break }
      let reached = compare(next)
      guard reached.residual < sums.residual else { break }
      (best, sums) = (next, reached)
      if step.x * step.x + step.y * step.y < search.settled { break }
    }
    return best
  }
}
