import Foundation

/// Someone who walks through the street: capsules for trunk and limbs that swing, each with cloth of its own.
struct SceneWalker: Sendable {
  let label: UInt8
  /// World pixels for a height of 1.
  let scale: Float
  let ground: Float
  let start: Float
  let end: Float
  let isStatic: Bool
  let noise: SceneNoise
  let cloth: SIMD4<Float>

  /// The walker as he stands in one frame.
  struct Pose: Sendable {
    struct Limb: Sendable {
      var from: SIMD2<Float>
      var to: SIMD2<Float>
      var radius: Float
      var cloth: Int
    }

    var feet: SIMD2<Float>
    var limbs: [Limb]
  }

  func pose(progress: Double, frame: Int) -> Pose {
    let x = isStatic ? start : start + (end - start) * Float(progress)
    let stride = isStatic ? 0.6 : Float(sin(0.34 * Double(frame)))
    let bob = isStatic ? 0 : 0.012 * Float(cos(0.68 * Double(frame)))
    let feet = SIMD2(x, ground)
    let at = { (dx: Float, up: Float) in SIMD2(x + dx * scale, ground - (up + bob) * scale) }
    let leg = 0.2 * stride
    let arm = -0.17 * stride
    let knee: Float = 0.035
    let limbs = [
      Pose.Limb(from: at(0, 0.72), to: at(arm - 0.02, 0.47), radius: 0.036 * scale, cloth: 3),
      Pose.Limb(from: at(0, 0.46), to: at(-0.5 * leg + knee, 0.24), radius: 0.06 * scale, cloth: 2),
      Pose.Limb(from: at(-0.5 * leg + knee, 0.24), to: at(-leg, 0.03), radius: 0.045 * scale, cloth: 2),
      Pose.Limb(from: at(0, 0.46), to: at(0.5 * leg + knee, 0.24), radius: 0.062 * scale, cloth: 1),
      Pose.Limb(from: at(0.5 * leg + knee, 0.24), to: at(leg, 0.03), radius: 0.047 * scale, cloth: 1),
      Pose.Limb(from: at(0, 0.74), to: at(0, 0.5), radius: 0.105 * scale, cloth: 0),
      Pose.Limb(from: at(0.01, 0.92), to: at(0.015, 0.9), radius: 0.073 * scale, cloth: 4),
      Pose.Limb(from: at(0, 0.72), to: at(-arm + 0.03, 0.46), radius: 0.04 * scale, cloth: 3),
    ]
    return Pose(feet: feet, limbs: limbs)
  }

  /// The share of a pixel that the walker covers, and his colour there; 0 far from him.
  func appearance(_ pose: Pose, at place: SIMD2<Float>) -> (coverage: Float, color: SIMD4<Float>) {
    guard abs(place.x - pose.feet.x) < 0.5 * scale, abs(place.y - pose.feet.y + 0.5 * scale) < 0.6 * scale else {
      return (0, .zero)
    }
    var coverage: Float = 0
    var color = SIMD4<Float>.zero
    for limb in pose.limbs {
      let axis = limb.to - limb.from
      let offset = place - limb.from
      let length2 = max(1e-6, (axis * axis).sum())
      let along = min(1, max(0, (offset * axis).sum() / length2))
      let apart = offset - axis * along
      let distance = (apart * apart).sum().squareRoot() - limb.radius
      let share = pixelCoverage(distance)
      guard share > 0 else { continue }
      let across = (axis.x * offset.y - axis.y * offset.x) / length2.squareRoot() / limb.radius
      color = mix(color, fabric(limb.cloth, along, across, limb.radius), coverage == 0 ? 1 : share)
      coverage = max(coverage, share)
    }
    return (coverage, color)
  }

  /// The cloth moves with the limb it clothes.
  private func fabric(_ cloth: Int, _ along: Float, _ across: Float, _ radius: Float) -> SIMD4<Float> {
    let weave = noise.octaves(along * 7 + Float(cloth) * 31, across * 2.5, count: 3)
    let round = SIMD4<Float>(repeating: 30 * weave - 26 * across * across)
    switch cloth {
    case 0:
      let stripe = (along * 6).truncatingRemainder(dividingBy: 1) < 0.45
      return (stripe ? self.cloth : SIMD4<Float>(222, 216, 200, 0)) + round
    case 1: return SIMD4<Float>(52, 58, 96, 0) + round
    case 2: return SIMD4<Float>(40, 45, 78, 0) + round
    case 3: return self.cloth * 0.85 + round
    default:
      return along > 0.5 && across > -0.2 ? SIMD4<Float>(206, 158, 128, 0) + round : SIMD4<Float>(88, 58, 36, 0) + round
    }
  }

  /// 1 in full light; less where he keeps the light away: a soft long shadow on the ground and a dark one at the feet.
  func light(_ pose: Pose, at place: SIMD2<Float>) -> Float {
    let offset = (place - pose.feet) / scale
    guard abs(offset.x) < 1, abs(offset.y) < 0.4 else { return 1 }
    let axis = SIMD2<Float>(0.58, 0.1)
    let along = min(1, max(0, (offset * axis).sum() / (axis * axis).sum()))
    let apart = (offset - axis * along) * SIMD2<Float>(0.6, 1.5)
    let width = 0.085 + 0.03 * along
    let softness = 0.03 + 0.05 * along
    let long = soft((apart * apart).sum().squareRoot() - width, softness) * (0.5 - 0.12 * along)
    let contact = offset * SIMD2<Float>(1, 2.6)
    let dark = soft((contact * contact).sum().squareRoot() - 0.11, 0.07) * 0.25
    return (1 - long) * (1 - dark)
  }

  private func soft(_ distance: Float, _ softness: Float) -> Float {
    let t = min(1, max(0, 0.5 - distance / (2 * softness)))
    return t * t * (3 - 2 * t)
  }
}
