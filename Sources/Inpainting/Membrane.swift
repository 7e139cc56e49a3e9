import CPixelKernels
import Imaging

/// Smooth filling: the surface that a membrane clamped at the known pixels would take (Laplace's equation with free
/// picture borders), solved coarse to fine.
struct Membrane {
  let width: Int
  let height: Int
  /// Four independent values a pixel.
  var values: [SIMD4<Float>]
  /// Not 0 where a value is sought.
  let unknown: [UInt8]
  let tear: Float?

  /// At each level.
  private static let sweeps = 6
  private static let overRelaxation: Float = 1.6

  /// Replaces the values of the pixels of `mask` that are not 0. Where no pixel is known nothing changes.
  ///
  /// With `tear`, the membrane tears where neighbours differ by much more than that (at every scale), so that the
  /// surface is made of smooth pieces: Lorentzian weights, reweighted between sweeps (Black and Anandan 1996).
  static func fill(_ values: inout [SIMD4<Float>], mask: Plane<UInt8>, tear: Float? = nil) {
    guard let box = mask.boundingBox?.grown(by: 2).intersection(mask.bounds) else { return }
    let region = box.area == mask.bounds.area ? mask : mask.cropped(to: box)
    guard region.samples.contains(0) else { return }
    var local: [SIMD4<Float>] = []
    local.reserveCapacity(box.area)
    for y in box.y..<box.maxY {
      local.append(contentsOf: values[y * mask.width + box.x..<y * mask.width + box.maxX])
    }
    var membrane = Membrane(width: box.width, height: box.height, values: local, unknown: region.samples, tear: tear)
    membrane.solve()
    for y in 0..<box.height {
      for x in 0..<box.width where region.samples[y * box.width + x] != 0 {
        values[(y + box.y) * mask.width + x + box.x] = membrane.values[y * box.width + x]
      }
    }
  }

  private mutating func solve() {
    if let coarse = coarser() {
      var coarse = coarse
      coarse.solve()
      for y in 0..<height {
        for x in 0..<width where unknown[y * width + x] != 0 {
          values[y * width + x] = coarse.values[(y >> 1) * coarse.width + (x >> 1)]
        }
      }
    }
    if let tear { relaxTorn(tear) } else { relax() }
  }

  /// Half the size, each pixel the mean of its known children; nil where nothing is sought or the end is reached.
  private func coarser() -> Membrane? {
    guard width > 1 || height > 1, unknown.contains(where: { $0 != 0 }) else { return nil }
    let (w, h) = ((width + 1) / 2, (height + 1) / 2)
    var sums = [SIMD4<Float>](repeating: .zero, count: w * h)
    var counts = [Float](repeating: 0, count: w * h)
    for y in 0..<height {
      for x in 0..<width where unknown[y * width + x] == 0 {
        sums[(y >> 1) * w + (x >> 1)] += values[y * width + x]
        counts[(y >> 1) * w + (x >> 1)] += 1
      }
    }
    var sought = [UInt8](repeating: 0, count: w * h)
    for index in sums.indices {
      if counts[index] > 0 { sums[index] /= counts[index] } else { sought[index] = 1 }
    }
    return Membrane(width: w, height: h, values: sums, unknown: sought, tear: tear)
  }

  private mutating func relax() {
    var groups: [[Int32]] = [[], []]
    for y in 0..<height {
      for x in 0..<width where unknown[y * width + x] != 0 {
        groups[(x + y) & 1].append(Int32(truncatingIfNeeded: y * width + x))
      }
    }
    let (width, height) = (Int32(truncatingIfNeeded: width), Int32(truncatingIfNeeded: height))
    values.withUnsafeMutableBytes { bytes in
      guard let floats = bytes.baseAddress?.assumingMemoryBound(to: Float.self) else { return }
      for sweep in 0..<Membrane.sweeps {
        // The first sweeps smooth the blocks left by the coarse level; over-relaxation then reaches far.
        let omega = sweep < 2 ? 1 : Membrane.overRelaxation
        for group in groups {
          cpk_fill_relax(floats, width, height, group, Int32(truncatingIfNeeded: group.count), omega)
        }
      }
    }
  }

  private mutating func relaxTorn(_ tear: Float) {
    let sites = HoleSites(Plane(width: width, height: height, samples: unknown))
    guard sites.count > 0 else { return }
    for _ in 0..<3 {
      var equations = GradientBlend.Equations(count: sites.count)
      for site in 0..<sites.count {
        let here = values[Int(sites.pixels[site])]
        let (x, y, pixel) = (sites.x(site), sites.y(site), Int(sites.pixels[site]))
        var total: Float = 1e-6
        for (side, inside) in [x > 0, x < width - 1, y > 0, y < height - 1].enumerated() where inside {
          let d = here - values[pixel + [-1, 1, -width, width][side]]
          let weight = 1 / (1 + (d * d).sum() / (tear * tear))
          equations.weights[4 * site + side] = weight
          total += weight
        }
        equations.right[site] = here * 1e-6
        equations.inverse[site] = 1 / total
      }
      GradientBlend.solve(equations, sites, start: &values, sweeps: max(3, Membrane.sweeps / 3), threads: 1)
    }
  }
}
