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

  /// How far to believe a seam whose two sides differ so: a quarter where it is by `tolerance` levels on the mean.
  @inline(__always)
  static func trust(_ offset: SIMD4<Float>, tolerance: Float) -> Float {
    let mismatch = offset.absoluteSum / (3 * tolerance)
    let fall = 1 + mismatch * mismatch
    return 1 / (fall * fall)
  }

  /// The corrections of the sites. `start` holds a first guess for a whole picture and is overwritten with the answer.
  static func solve(
    _ equations: Equations, _ sites: HoleSites, start: inout [SIMD4<Float>], sweeps: Int = sweeps, threads: Int
  ) {
    let groups = sites.checkerboard.filter { !$0.isEmpty }.map { Group($0, of: sites, equations) }
    let (width, height) = (Int32(truncatingIfNeeded: sites.width), Int32(truncatingIfNeeded: sites.height))
    start.withUnsafeMutableBytes { bytes in
      guard let values = bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
      nonisolated(unsafe) let shared = values
      for sweep in 0..<sweeps {
        for group in groups {
          // Sites of a group are no neighbours, so that bands of them may be relaxed side by side.
          Rows.concurrently(group.pixels.count, threads: threads, minimumBand: 1024) { band in
            group.relax(band, in: shared, width, height, omega: sweep < 2 ? 1 : overRelaxation)
          }
        }
      }
    }
  }

  /// The equations of sites of which no two are neighbours.
  private struct Group {
    let pixels: [Int32]
    let weights: [Float]
    let right: [SIMD4<Float>]
    let inverse: [Float]

    init(_ members: [Int], of sites: HoleSites, _ equations: Equations) {
      pixels = members.map { sites.pixels[$0] }
      weights = members.flatMap { equations.weights[4 * $0..<4 * $0 + 4] }
      right = members.map { equations.right[$0] }
      inverse = members.map { equations.inverse[$0] }
    }

    func relax(
      _ band: Range<Int>, in values: UnsafeMutablePointer<Float>, _ width: Int32, _ height: Int32, omega: Float
    ) {
      right[band].withUnsafeBytes { right in
        pixels[band].withUnsafeBufferPointer { pixels in
          weights[4 * band.lowerBound..<4 * band.upperBound].withUnsafeBufferPointer { weights in
            inverse[band].withUnsafeBufferPointer { inverse in
              cpk_fill_relax_weighted(
                values, width, height, pixels.baseAddress, weights.baseAddress,
                right.baseAddress?.assumingMemoryBound(to: Float.self), inverse.baseAddress,
                Int32(truncatingIfNeeded: band.count), omega)
            }
          }
        }
      }
    }
  }
}
