import CPixelKernels
import Imaging

/// Completion from similar patches. At the coarsest scale whole pieces of the picture are moved in so that structure goes
/// on (`ShiftMap`); PatchMatch (Barnes et al. 2009) inside the multi-scale voting of Wexler et al. 2007 fits them
/// together scale by scale; in the end every pixel is copied, not mixed (`PatchComposite`). Serial and seeded, so that the
/// result never varies.
struct PatchCompletion {
  private static let smallest = 24
  /// Sought pixels at the coarsest scale, at most.
  private static let coarsest = 2500
  private static let textureWeight: Float = 3
  private static let textureRadius = 4

  /// Fills the pixels of `mask` that are not 0; `levels` holds the picture, with a smooth guess there.
  static func fill(_ levels: inout [SIMD4<Float>], mask: Plane<UInt8>) {
    guard let box = mask.boundingBox else { return }
    let reach = max(48, max(box.width, box.height) * 3 / 2)
    let region = box.grown(by: reach).intersection(mask.bounds)
    var local: [SIMD4<Float>] = []
    local.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      local.append(contentsOf: levels[y * mask.width + region.x..<y * mask.width + region.maxX])
    }
    let sought = mask.cropped(to: region)
    setTexture(&local, sought)
    let level = PatchLevel(
      width: region.width, height: region.height, levels: local, sought: sought.samples)
    guard let (solved, field) = solve(level, depth: 0) else { return }
    PatchComposite(solved, field).write(into: &local)
    for y in 0..<region.height {
      for x in 0..<region.width where sought.samples[y * region.width + x] != 0 {
        levels[(y + region.y) * mask.width + x + region.x] = local[y * region.width + x]
      }
    }
  }

  private static func solve(_ level: PatchLevel, depth: Int) -> (level: PatchLevel, field: PatchField)? {
    var level = level
    var field: PatchField?
    let isCoarsest = level.soughtCount <= coarsest || min(level.width, level.height) <= smallest * 2
    if isCoarsest {
      field = ShiftMap.fill(&level).flatMap { PatchField($0, for: level) }
    } else if let coarse = solve(level.halved(), depth: depth + 1) {
      field = PatchField(upsampling: coarse.field, to: level)
      if var field { level.vote(field.refreshed(in: level, from: coarse.level)) }
    }
    guard var current = field ?? PatchField(random: level) else { return nil }
    let rounds = isCoarsest ? 3 : depth == 0 ? 2 : 5
    for round in 0..<rounds {
      current.improve(level, sweeps: depth == 0 ? 2 : 3, seed: UInt32(truncatingIfNeeded: depth * 64 + round))
      level.vote(current)
    }
    return (level, current)
  }

  /// Writes into the last lane how much brightness changes from pixel to pixel, on the mean around each: coarse scales
  /// no longer show fine texture, and its patches would be taken for plain ground (Newson et al. 2014).
  private static func setTexture(_ levels: inout [SIMD4<Float>], _ mask: Plane<UInt8>) {
    let (width, height) = (mask.width, mask.height)
    var sums = [SIMD2<Float>](repeating: .zero, count: levels.count)
    for y in 1..<max(1, height) {
      for x in 1..<max(1, width) {
        let pixel = y * width + x
        guard mask.samples[pixel] == 0, mask.samples[pixel - 1] == 0, mask.samples[pixel - width] == 0 else { continue }
        let luma = levels[pixel].luma
        sums[pixel] = SIMD2(abs(luma - levels[pixel - 1].luma) + abs(luma - levels[pixel - width].luma), 1)
      }
    }
    for stride in [1, width] { sums = boxed(sums, stride: stride, width: width, height: height) }
    for pixel in levels.indices {
      levels[pixel].w = sums[pixel].y > 0 ? textureWeight * sums[pixel].x / sums[pixel].y : 0
    }
  }

  /// Sums over a few pixels along rows (`stride` 1) or columns.
  private static func boxed(_ values: [SIMD2<Float>], stride: Int, width: Int, height: Int) -> [SIMD2<Float>] {
    var out = values
    let (lines, length) = stride == 1 ? (height, width) : (width, height)
    for line in 0..<lines {
      let start = stride == 1 ? line * width : line
      var sum = SIMD2<Float>.zero
      for position in 0..<length + textureRadius {
        if position < length { sum += values[start + position * stride] }
        if position > 2 * textureRadius { sum -= values[start + (position - 2 * textureRadius - 1) * stride] }
        if position >= textureRadius { out[start + (position - textureRadius) * stride] = sum }
      }
    }
    return out
  }
}
