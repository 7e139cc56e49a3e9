import Imaging

/// Smooth value noise on an integer lattice, without tables: any size, any place, always the same.
struct SceneNoise: Sendable {
  let seed: UInt64

  /// -1…1 for a lattice point.
  func lattice(_ x: Int, _ y: Int) -> Float {
    let key = seed &+ UInt64(bitPattern: Int64(x)) &* 0x9E37_79B1_85EB_CA87
    let mixed = SplitMix64.scramble(key ^ (UInt64(bitPattern: Int64(y)) &* 0xC2B2_AE3D_27D4_EB4F))
    return Float(mixed >> 40) * (2 / 16_777_216) - 1
  }

  /// -1…1, with features about 1 wide.
  func value(_ x: Float, _ y: Float) -> Float {
    let column = x.rounded(.down)
    let row = y.rounded(.down)
    let fx = fade(x - column)
    let fy = fade(y - row)
    let i = Int(column)
    let j = Int(row)
    let top = lattice(i, j) + fx * (lattice(i + 1, j) - lattice(i, j))
    let bottom = lattice(i, j + 1) + fx * (lattice(i + 1, j + 1) - lattice(i, j + 1))
    return top + fy * (bottom - top)
  }

  /// A sum of octaves, each half as wide and `gain` as strong as the one before; about -1…1.
  func octaves(_ x: Float, _ y: Float, count: Int, gain: Float = 0.55) -> Float {
    var sum: Float = 0
    var weight: Float = 1
    var total: Float = 0
    var scale: Float = 1
    for octave in 0..<count {
      let shift = Float(octave) * 17.3
      sum += weight * value(x * scale + shift, y * scale - shift)
      total += weight
      weight *= gain
      scale *= 2
    }
    return sum / total
  }

  private func fade(_ t: Float) -> Float { t * t * (3 - 2 * t) }
}

/// How much of a pixel lies inside a shape whose edge is `distance` pixels away (negative inside).
func pixelCoverage(_ distance: Float) -> Float { min(1, max(0, 0.5 - distance)) }

func mix(_ a: SIMD4<Float>, _ b: SIMD4<Float>, _ share: Float) -> SIMD4<Float> { a + (b - a) * share }
