import Foundation
import Imaging

/// What moves otherwise than the camera, pixel by pixel: a minimum cut between what its own motion explains and what the
/// camera's does, along contours of the picture. On half the size, which contours are cut again from later.
struct MotionCut {
  /// For each pixel of the picture, row-major.
  let isMoving: [Bool]

  private static let gain: Float = 8
  /// Evidence below this speaks for standing still.
  private static let balance: Float = 0.1
  private static let mostOdds: Float = 60
  private static let smoothness: Float = 80
  private static let leastContrast: Float = 0.04
  /// Squared Lab units.
  private static let contrastScale: Float = 40

  /// - Parameter evidence: `SceneMotion.ownMotion` of the picture in `lab`.
  init(_ evidence: [Float], _ lab: LabImage) {
    let (width, height) = ((lab.width + 1) / 2, (lab.height + 1) / 2)
    let halves = MotionCut.halved(evidence, lab)
    guard var cut = MinimumCut(nodes: width * height, edges: width * height * 4) else {
      isMoving = evidence.map { $0 > MotionCut.balance }
      return
    }
    for y in 0..<height {
      for x in 0..<width {
        let p = y * width + x
        for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1)] where 0..<width ~= x + dx && y + dy < height {
          let q = p + dy * width + dx
          cut.connect(p, q, MotionCut.contrast(halves[p], halves[q], isDiagonal: dx != 0 && dy != 0))
        }
        let odds = MotionCut.gain * (halves[p].w - MotionCut.balance)
        let cost = Int32(min(MotionCut.mostOdds, max(-MotionCut.mostOdds, odds)))
        cut.setTerminals(p, inside: max(0, cost), outside: max(0, -cost))
      }
    }
    _ = cut.solve()
    isMoving = evidence.indices.map { cut.isInside($0 / lab.width / 2 * width + $0 % lab.width / 2) }
  }

  /// Means of 2x2 pixels: colour, and the evidence in w.
  private static func halved(_ evidence: [Float], _ lab: LabImage) -> [SIMD4<Float>] {
    let (width, height) = ((lab.width + 1) / 2, (lab.height + 1) / 2)
    var halves = [SIMD4<Float>](repeating: .zero, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        for (u, v) in [(2 * x, 2 * y), (2 * x + 1, 2 * y), (2 * x, 2 * y + 1), (2 * x + 1, 2 * y + 1)] {
          let p = min(v, lab.height - 1) * lab.width + min(u, lab.width - 1)
          halves[y * width + x] += SIMD4(lab.l[p], lab.a[p], lab.b[p], evidence[p]) / 4
        }
      }
    }
    return halves
  }

  private static func contrast(_ a: SIMD4<Float>, _ b: SIMD4<Float>, isDiagonal: Bool) -> Int32 {
    var difference = a - b
    difference.w = 0
    let alike = exp(-(difference * difference).sum() / contrastScale)
    return Int32(smoothness * (leastContrast + alike) * (isDiagonal ? Float(0.5).squareRoot() : 1)) + 1
  }
}
