import Foundation

/// A projective map of the plane, row-major 3x3.
struct PlaneMap: Sendable {
  var m: [Double]

  func callAsFunction(_ x: Double, _ y: Double) -> SIMD2<Double> {
    let w = m[6] * x + m[7] * y + m[8]
    return SIMD2((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w)
  }

  static func * (a: PlaneMap, b: PlaneMap) -> PlaneMap {
    var out = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 { out[3 * row + column] += a.m[3 * row + k] * b.m[3 * k + column] }
      }
    }
    return PlaneMap(m: out)
  }

  /// By the adjugate; the scale does not matter.
  var inverse: PlaneMap {
    PlaneMap(m: [
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
    ])
  }
}

/// A hand-held camera: it pans, breathes, rolls and tilts a little, all smoothly.
///
/// World coordinates are pixels from the centre of the picture at rest.
struct SceneCamera: Sendable {
  let width: Int
  let height: Int
  let isStatic: Bool
  let phase: Double

  /// From picture to the plane whose `parallax` is given: 1 the world, above 1 nearer things that move faster.
  ///
  /// `progress` runs from 0 to 1 over the shot; `frame` counts frames, for the shake.
  func map(progress: Double, frame: Int, parallax: Double = 1) -> PlaneMap {
    let toCentre = PlaneMap(m: [1, 0, -Double(width - 1) / 2, 0, 1, -Double(height - 1) / 2, 0, 0, 1])
    guard !isStatic else { return toCentre }
    let t = Double(frame)
    let panned = (progress - 0.5) * 0.26 * Double(width)
    let shake = Double(height) / 240
    let x = (panned + shake * (1.6 * sin(0.31 * t + phase) + 0.7 * sin(0.83 * t + 2 * phase))) * parallax
    let y = shake * (1.2 * sin(0.27 * t + 1.3 + phase) + 0.6 * sin(0.71 * t + phase)) * parallax
    let zoom = 1 + 0.04 * sin(4 * progress + phase)
    let roll = 0.008 * sin(0.11 * t + phase)
    let tilt = 0.02 * sin(3 * progress + phase) / Double(width)
    let turn = 0.015 * sin(0.09 * t + 2 + phase) / Double(height)
    let perspective = PlaneMap(m: [1, 0, 0, 0, 1, 0, tilt, turn, 1])
    let similarity = PlaneMap(m: [
      zoom * cos(roll), -zoom * sin(roll), x, zoom * sin(roll), zoom * cos(roll), y, 0, 0, 1,
    ])
    return similarity * perspective * toCentre
  }
}
