/// A tree trunk nearer than the walkers, who pass behind it. Part of the clean plate.
struct SceneTree: Sendable {
  let centre: Float
  let unit: Float
  let noise: SceneNoise

  /// The share of a pixel that the trunk covers, and its colour there.
  func appearance(at place: SIMD2<Float>) -> (coverage: Float, color: SIMD4<Float>) {
    let y = place.y / unit
    let bend = 3 * noise.value(y / 60, 11.5) + 1.2 * noise.value(y / 14, 3.5)
    let halfWidth = 9 + 0.018 * max(0, y + 40) + 1.5 * noise.value(y / 22, 40.5)
    let across = place.x / unit - centre - bend
    let coverage = pixelCoverage((abs(across) - halfWidth) * unit)
    guard coverage > 0 else { return (0, .zero) }
    let bark = noise.octaves(across / 5, y / 16, count: 4)
    let turned = across / halfWidth
    let shade = 40 * bark - 30 * turned * turned - 12 * turned
    return (coverage, SIMD4<Float>(98, 80, 62, 0) + SIMD4(repeating: shade))
  }
}
