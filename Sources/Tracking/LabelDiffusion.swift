import CPixelKernels
import Imaging

/// Smooths an object's soft mask along the picture but not across its edges: a random walker with priors (Grady, 2005).
struct LabelDiffusion: Sendable {
  let region: Region
  private let right: [Float]
  private let down: [Float]

  /// - Parameters:
  ///   - lab: planes L, a, b of the whole grid of `width` x `height` cells.
  ///   - strength: how strongly equal neighbours hold together, against a data weight of 1.
  init(lab: [Float], width: Int, height: Int, region: Region, strength: Float) {
    self.region = region
    let cells = width * height
    var right = [Float](repeating: 0, count: region.area)
    var down = right
    var sum: Float = 0
    lab.withUnsafeBufferPointer { lab in
      func difference(_ i: Int, _ j: Int) -> Float {
        let l = lab[i] - lab[j]
        let a = lab[cells + i] - lab[cells + j]
        let b = lab[2 * cells + i] - lab[2 * cells + j]
        return l * l + a * a + b * b
      }
      for y in 0..<region.height {
        for x in 0..<region.width {
          let cell = (region.y + y) * width + region.x + x
          let at = y * region.width + x
          if x + 1 < region.width { right[at] = difference(cell, cell + 1) }
          if y + 1 < region.height { down[at] = difference(cell, cell + width) }
          sum += right[at] + down[at]
        }
      }
    }
    let scale = -1 / (1.5 * max(1e-4, sum / Float(2 * region.area)))
    for y in 0..<region.height {
      for x in 0..<region.width {
        let at = y * region.width + x
        right[at] = x + 1 < region.width ? strength * Self.similarity(right[at] * scale) : 0
        down[at] = y + 1 < region.height ? strength * Self.similarity(down[at] * scale) : 0
      }
    }
    self.right = right
    self.down = down
  }

  /// About e^v for v <= 0, by arithmetic that is the same everywhere, with a floor that lets noise pass.
  private static func similarity(_ v: Float) -> Float {
    let u = max(0, 1 + v / 8)
    let u2 = u * u
    let u4 = u2 * u2
    return 0.02 + u4 * u4
  }

  /// - Parameters:
  ///   - target: the soft mask to hold to, 0…1.
  ///   - data: how firmly, for each cell.
  func solve(target: [Float], data: [Float], rounds: Int = 30) -> [Float] {
    var x = target
    var scratch = [Float](repeating: 0, count: 2 * target.count)
    cpk_track().pointee.diffuse(
      target, data, right, down, &x, &scratch, Int32(region.width), Int32(region.height), Int32(rounds))
    return x
  }
}
