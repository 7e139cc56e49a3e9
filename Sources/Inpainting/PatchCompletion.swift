import CPixelKernels
import Imaging

/// Completion from similar patches: PatchMatch (Barnes et al. 2009) inside the multi-scale voting of Wexler et al. 2007.
/// Coarse levels settle structure, finer ones texture. Serial and seeded, so that the result never varies.
struct PatchCompletion {
  private static let radius = 3
  private static let smallest = 24
  private static let finalSharpness: Float = 8

  /// Fills the pixels of `mask` that are not 0; `levels` holds the picture, with a smooth guess there.
  /// `avoid` marks pixels that may not be copied from beside those of the mask.
  static func fill(_ levels: inout [SIMD4<Float>], mask: Plane<UInt8>, avoid: Plane<UInt8>) {
    guard let box = mask.boundingBox else { return }
    let reach = max(48, max(box.width, box.height) * 3 / 2)
    let region = box.grown(by: reach).intersection(mask.bounds)
    var local: [SIMD4<Float>] = []
    local.reserveCapacity(region.area)
    for y in region.y..<region.maxY {
      local.append(contentsOf: levels[y * mask.width + region.x..<y * mask.width + region.maxX])
    }
    let level = PatchLevel(
      width: region.width, height: region.height, levels: local, sought: mask.cropped(to: region).samples,
      avoided: avoid.cropped(to: region).samples)
    guard let result = solve(level, depth: 0)?.level else { return }
    for y in 0..<region.height {
      for x in 0..<region.width where level.sought[y * region.width + x] != 0 {
        levels[(y + region.y) * mask.width + x + region.x] = result.levels[y * region.width + x]
      }
    }
  }

  private static func solve(_ level: PatchLevel, depth: Int) -> (level: PatchLevel, field: PatchField)? {
    var level = level
    var field: PatchField?
    let size = level.soughtSize
    if size > 10, min(level.width, level.height) > smallest * 2, let coarse = solve(level.halved(), depth: depth + 1) {
      field = PatchField(upsampling: coarse.field, to: level)
      if var field { level.vote(field.refreshed(in: level, from: coarse.level)) }
    }
    guard var current = field ?? PatchField(random: level) else { return nil }
    let rounds = size <= 10 ? 12 : depth == 0 ? 2 : 5
    for round in 0..<rounds {
      current.improve(level, sweeps: depth == 0 ? 2 : 3, seed: UInt32(truncatingIfNeeded: depth * 64 + round))
      level.vote(current, sharpness: depth == 0 && round == rounds - 1 ? finalSharpness : 1)
    }
    return (level, current)
  }
}
