import Imaging

/// Brings a template to lie on a frame, to a fraction of a pixel.
///
/// Inverse compositional Gauss-Newton (S. Baker, I. Matthews, "Lucas-Kanade 20 Years On", IJCV 2004) from coarse to
/// fine, gain and bias taken out (as by G. Evangelidis, E. Psarakis, ECC, PAMI 2008). Blocks that do not match get
/// little weight, so that what covers a part of the target does not pull.
struct PlanarAlignment {
  struct Result {
    /// From target coordinates to the frame's pixels.
    var map: Homography
    var ncc: Float
    var visibleShare: Float

    /// How much of the whole target the match accounts for.
    var explained: Float { ncc * visibleShare }
  }

  let template: PlanarTemplate
  let frame: LumaPyramid

  /// A block counts as covered where it differs by more than this share of its own variance.
  private static let covered: Float = 0.6
  /// Variance, in levels squared, that noise alone may make up.
  private static let noise: Float = 30
  private static let rounds = 12

  func align(from start: Homography) -> Result? {
    // All blocks first: leaving blocks out too early settles on a part of the target. Where that does not explain the
    // whole, something covers it.
    var best = affine(from: start, leavingOut: false)
    if best.map({ $0.explained < 0.85 }) ?? true {
      let robust = affine(from: start, leavingOut: true)
      if let robust, robust.explained > best?.explained ?? 0 { best = robust }
    }
    guard let best, template.model == .homography,
      let tilted = settle(best.map, template.levels[0], .homography, leavingOut: true).flatMap({ measure($0) }),
      tilted.explained > best.explained
    else { return best }
    return tilted
  }

  private func affine(from start: Homography, leavingOut: Bool) -> Result? {
    var map = start
    for level in template.levels.reversed() {
      guard let next = settle(map, level, .affine, leavingOut: leavingOut) else { return nil }
      map = next
    }
    guard leavingOut || template.levels.count == 1 else {
      return settle(map, template.levels[0], .affine, leavingOut: true).flatMap { measure($0) }
    }
    return measure(map)
  }

  /// How well the finest level matches at a map.
  func measure(_ map: Homography, coarse: Bool = false) -> Result? {
    let level = coarse ? template.levels.last! : template.levels[0]
    guard let fit = weighed(level, map) else { return nil }
    var (seen, all): (Float, Float) = (0, 0)
    for (block, size) in level.blockSizes.enumerated() {
      all += size
      if fit.errors[block] < Self.covered { seen += size * fit.insides[block] }
    }
    return Result(map: map, ncc: fit.correlation, visibleShare: seen / all)
  }

  private func weighed(_ level: PlanarTemplate.Level, _ map: Homography) -> BlockFit? {
    guard var fit = BlockFit(sampled(level, map), level) else { return nil }
    for _ in 0..<3 { fit.reweigh(noise: Self.noise) }
    return fit
  }

  /// What covers the target at a map; nil where nothing does.
  func occlusion(at map: Homography) -> PlanarOcclusion? {
    let level = template.levels[0]
    guard let fit = weighed(level, map) else { return nil }
    return PlanarOcclusion(
      level, residuals: fit.residuals,
      suspects: fit.errors.indices.map { fit.insides[$0] > 0 && fit.errors[$0] >= Self.covered })
  }

  private func settle(
    _ start: Homography, _ level: PlanarTemplate.Level, _ model: Homography.Model, leavingOut: Bool
  ) -> Homography? {
    var map = start
    guard var fit = BlockFit(sampled(level, map), level) else { return nil }
    // In target coordinates. Tilts converge slowly: the last steps count.
    let pixel = abs(template.toTarget.m[0]) * Double(1 << level.scale)
    let settled = pixel * (model == .homography ? 0.001 : 0.01)
    for _ in 0..<Self.rounds {
      fit.reweigh(noise: Self.noise, leavingOut: leavingOut)
      guard let step = fit.step(level, model) else { return map }
      guard let undo = step.inverse else { return map }
      map = map * undo
      guard isSound(map), let next = BlockFit(sampled(level, map), level, weights: fit.weights) else { return nil }
      fit = next
      if step.m.indices.allSatisfy({ abs(step.m[$0] - Homography.identity.m[$0]) < settled }) { break }
    }
    return map
  }

  private func isSound(_ map: Homography) -> Bool {
    let m = map.m
    guard m.allSatisfy(\.isFinite) else { return false }
    let area = m[0] * m[4] - m[1] * m[3]
    return area > 1 && abs(m[6]) + abs(m[7]) < 0.7
  }

  /// The frame's luma at each sample of the level; NaN outside.
  private func sampled(_ level: PlanarTemplate.Level, _ map: Homography) -> [Float] {
    // As coarse a level of the frame as the target is large.
    let size = abs(map.m[0] * map.m[4] - map.m[1] * map.m[3]).squareRoot() * abs(template.toTarget.m[0])
    var depth = level.scale
    var zoom = size
    while zoom > 1.42, depth + 1 < frame.levels.count { (zoom, depth) = (zoom / 2, depth + 1) }
    while zoom < 0.71, depth > 0 { (zoom, depth) = (zoom * 2, depth - 1) }
    depth = min(depth, frame.levels.count - 1)
    let plane = frame.levels[depth]
    let m = (frame.placement(level: depth) * map).m.map { Float($0) }
    let (right, bottom) = (Float(plane.width - 1), Float(plane.height - 1))
    return plane.samples.withUnsafeBufferPointer { samples in
      level.places.map { p in
        let w = 1 / (m[6] * p.x + m[7] * p.y + m[8])
        let x = (m[0] * p.x + m[1] * p.y + m[2]) * w
        let y = (m[3] * p.x + m[4] * p.y + m[5]) * w
        guard x >= 0, y >= 0, x < right, y < bottom else { return .nan }
        let (ix, iy) = (Int(x), Int(y))
        let (fx, fy) = (x - Float(ix), y - Float(iy))
        let at = iy &* plane.width &+ ix
        let upper = samples[at] + (samples[at &+ 1] - samples[at]) * fx
        let lower = samples[at &+ plane.width] + (samples[at &+ plane.width &+ 1] - samples[at &+ plane.width]) * fx
        return upper + (lower - upper) * fy
      }
    }
  }
}
