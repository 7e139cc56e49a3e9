import CPixelKernels
import Imaging

/// Gradient-domain blending (Pérez et al. 2003): the hole takes the gradients of what was chosen for it and the levels
/// of what surrounds it. Solved for the smooth correction to the chosen colours.
enum GradientBlend {

  /// The linear system over the sites, four neighbours each (left, right, up, down).
  struct Equations {
    var weights: [Float]
    var right: [SIMD4<Float>]
    var inverse: [Float]

    init(count: Int) {
      weights = [Float](repeating: 0, count: 4 * count)
      right = [SIMD4<Float>](repeating: .zero, count: count)
      inverse = [Float](repeating: 1, count: count)
    }
  }

  /// Pull towards the chosen colour itself, against which the four edges weigh up to 1 each.
  static let anchor: Float = 0.003
  static let sweeps = 30
  private static let overRelaxation: Float = 1.7

  /// The corrections of the sites. `start` holds a first guess for a whole picture and is overwritten with the answer.
  static func solve(
    _ equations: Equations, _ sites: HoleSites, start: inout [SIMD4<Float>], sweeps: Int = sweeps, threads: Int
  ) {
    var groups: [[Int]] = sites.checkerboard
    groups.removeAll { $0.isEmpty }
    let ordered = groups.map { group in
      (
        pixels: group.map { sites.pixels[$0] },
        weights: group.flatMap { equations.weights[4 * $0..<4 * $0 + 4] },
        right: group.map { equations.right[$0] },
        inverse: group.map { equations.inverse[$0] }
      )
    }
    let (width, height) = (Int32(truncatingIfNeeded: sites.width), Int32(truncatingIfNeeded: sites.height))
    start.withUnsafeMutableBytes { bytes in
      guard let values = bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
      nonisolated(unsafe) let shared = values
      for sweep in 0..<sweeps {
        for group in ordered {
          // Sites of a group are no neighbours, so that bands of them may be relaxed side by side.
          Rows.concurrently(group.pixels.count, threads: threads, minimumBand: 1024) { band in
            group.right.withUnsafeBytes { right in
              guard let right = right.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
              relax(shared, width, height, group.pixels, group.weights, right, group.inverse, band, sweep)
            }
          }
        }
      }
    }
  }

  private static func relax(
    _ values: UnsafeMutablePointer<Float>, _ width: Int32, _ height: Int32, _ pixels: [Int32], _ weights: [Float],
    _ right: UnsafePointer<Float>, _ inverse: [Float], _ band: Range<Int>, _ sweep: Int
  ) {
    pixels.withUnsafeBufferPointer { pixels in
      weights.withUnsafeBufferPointer { weights in
        inverse.withUnsafeBufferPointer { inverse in
          let first = band.lowerBound
          cpk_fill_relax_weighted(
            values, width, height, pixels.baseAddress! + first, weights.baseAddress! + 4 * first, right + 4 * first,
            inverse.baseAddress! + first, Int32(truncatingIfNeeded: band.count), sweep < 2 ? 1 : overRelaxation)
        }
      }
    }
  }
}
