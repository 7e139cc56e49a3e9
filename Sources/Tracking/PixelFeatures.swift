import CPixelKernels

/// What the appearance model sees of each cell: colour at four scales, and contrast and edge directions at two.
struct PixelFeatures: Sendable {
  static let count = 22
  /// Window radii, in cells, of the colour means.
  private static let colorRadii = [2, 6, 16]
  /// Window radii of contrast and edge directions.
  private static let textureRadii = [2, 6]

  let width: Int
  let height: Int
  /// `count` planes of `width * height` values, one after another, each roughly within -2…2.
  private(set) var planes: [Float]

  var cells: Int { width * height }

  /// - Parameter lab: planes L, a, b as `LabColor` scales them.
  init(lab: [Float], width: Int, height: Int) {
    self.width = width
    self.height = height
    let cells = width * height
    planes = [Float](repeating: 0, count: Self.count * cells)
    var scratch = [Float](repeating: 0, count: 7 * cells)
    let kernels = cpk_track().pointee
    lab.withUnsafeBufferPointer { lab in
      planes.withUnsafeMutableBufferPointer { planes in
        scratch.withUnsafeMutableBufferPointer { scratch in
          let fill = FeatureFill(
            lab: lab.baseAddress!, planes: planes.baseAddress!, scratch: scratch.baseAddress!, width: width,
            height: height, kernels: kernels)
          fill.color(Self.colorRadii)
          fill.texture(Self.textureRadii, colorRadii: Self.colorRadii)
        }
      }
    }
  }
}

private struct FeatureFill {
  let lab: UnsafePointer<Float>
  let planes: UnsafeMutablePointer<Float>
  /// 7 planes: one for the box filter, the squared lightness, four directional derivatives, one spare.
  let scratch: UnsafeMutablePointer<Float>
  let width: Int
  let height: Int
  let kernels: cpk_track_table
  var cells: Int { width * height }

  func color(_ radii: [Int]) {
    planes.update(from: lab, count: 3 * cells)
    for (scale, radius) in radii.enumerated() {
      for c in 0..<3 { mean(lab + c * cells, planes + (3 * (scale + 1) + c) * cells, radius) }
    }
  }

  func texture(_ radii: [Int], colorRadii: [Int]) {
    let squared = scratch + cells
    let directions = scratch + 2 * cells
    for i in 0..<cells { squared[i] = lab[i] * lab[i] }
    derivatives(directions)
    var next = 3 * (colorRadii.count + 1)
    for radius in radii {
      let out = planes + next * cells
      mean(squared, out, radius)
      let lightness = planes + 3 * (colorRadii.firstIndex(of: radius)! + 1) * cells
      for i in 0..<cells { out[i] = 3 * max(0, out[i] - lightness[i] * lightness[i]).squareRoot() - 0.5 }
      next += 1
    }
    for radius in radii {
      for d in 0..<4 {
        mean(directions + d * cells, planes + next * cells, radius)
        next += 1
      }
    }
  }

  private func mean(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ radius: Int) {
    kernels.box_mean(source, target, scratch, Int32(width), Int32(height), Int32(radius))
  }

  /// Absolute lightness derivatives across, down and along both diagonals.
  private func derivatives(_ out: UnsafeMutablePointer<Float>) {
    for y in 0..<height {
      let up = max(0, y - 1) * width
      let down = min(height - 1, y + 1) * width
      let row = y * width
      for x in 0..<width {
        let dx = lab[row + min(width - 1, x + 1)] - lab[row + max(0, x - 1)]
        let dy = lab[down + x] - lab[up + x]
        let i = row + x
        out[i] = 2 * abs(dx)
        out[cells + i] = 2 * abs(dy)
        out[2 * cells + i] = 1.4 * abs(dx + dy)
        out[3 * cells + i] = 1.4 * abs(dx - dy)
      }
    }
  }
}
