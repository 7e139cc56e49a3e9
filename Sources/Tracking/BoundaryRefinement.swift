import CPixelKernels
import Imaging

/// Carries a soft mask from the grid to the frame's pixels so that its outline follows the picture: a guided filter (He, Sun
/// and Tang, 2013) whose coefficients are found on the grid and applied at full size ("Fast Guided Filter", 2015).
struct BoundaryRefinement {
  /// For each cell of `region`, the weights of R, G, B (levels 0…255) and the offset.
  private let coefficients: [SIMD4<Float>]
  private let region: Region
  private let grid: WorkingGrid

  init(cells: [SIMD4<Float>], grid: WorkingGrid, region: Region, soft: [Float], radius: Int = 2, epsilon: Float = 30) {
    self.region = region
    self.grid = grid
    var moments = Moments(region: region, radius: radius)
    moments.gather(cells, grid.width, soft)
    coefficients = moments.solve(epsilon)
  }

  /// The refined soft mask at pixel (x, y), whose colour is `level`.
  @inline(__always)
  func value(_ x: Int, _ y: Int, _ level: SIMD4<Float>, _ table: UnsafeBufferPointer<SIMD4<Float>>) -> Float {
    let scale = 1 / Float(grid.factor)
    let gx = (Float(x) + 0.5) * scale - 0.5 - Float(region.x)
    let gy = (Float(y) + 0.5) * scale - 0.5 - Float(region.y)
    let cx = max(0, min(Float(region.width - 1), gx))
    let cy = max(0, min(Float(region.height - 1), gy))
    let x0 = Int(cx)
    let y0 = Int(cy)
    let x1 = min(region.width - 1, x0 + 1)
    let y1 = min(region.height - 1, y0 + 1)
    let fx = cx - Float(x0)
    let fy = cy - Float(y0)
    let top = table[y0 &* region.width &+ x0] * (1 - fx) + table[y0 &* region.width &+ x1] * fx
    let bottom = table[y1 &* region.width &+ x0] * (1 - fx) + table[y1 &* region.width &+ x1] * fx
    let k = top * (1 - fy) + bottom * fy
    return k.x * level.x + k.y * level.y + k.z * level.z + k.w
  }

  func withCoefficients<Result>(_ body: (UnsafeBufferPointer<SIMD4<Float>>) -> Result) -> Result {
    coefficients.withUnsafeBufferPointer(body)
  }
}

/// Windowed means that the guided filter solves from.
private struct Moments {
  let region: Region
  let radius: Int
  /// Planes: R, G, B, p, RR, RG, RB, GG, GB, BB, Rp, Gp, Bp.
  private var planes: [Float]
  private var scratch: [Float]

  init(region: Region, radius: Int) {
    self.region = region
    self.radius = radius
    planes = [Float](repeating: 0, count: 13 * region.area)
    scratch = [Float](repeating: 0, count: 2 * region.area)
  }

  mutating func gather(_ cells: [SIMD4<Float>], _ stride: Int, _ soft: [Float]) {
    let n = region.area
    for y in 0..<region.height {
      for x in 0..<region.width {
        let c = cells[(region.y + y) * stride + region.x + x]
        let i = y * region.width + x
        let p = soft[i]
        planes[i] = c.x
        planes[n + i] = c.y
        planes[2 * n + i] = c.z
        planes[3 * n + i] = p
        planes[4 * n + i] = c.x * c.x
        planes[5 * n + i] = c.x * c.y
        planes[6 * n + i] = c.x * c.z
        planes[7 * n + i] = c.y * c.y
        planes[8 * n + i] = c.y * c.z
        planes[9 * n + i] = c.z * c.z
        planes[10 * n + i] = c.x * p
        planes[11 * n + i] = c.y * p
        planes[12 * n + i] = c.z * p
      }
    }
    for plane in 0..<13 { smooth(plane) }
  }

  private mutating func smooth(_ plane: Int) {
    let n = region.area
    planes.withUnsafeMutableBufferPointer { planes in
      scratch.withUnsafeMutableBufferPointer { scratch in
        let at = planes.baseAddress! + plane * n
        cpk_track().pointee.box_mean(
          at, at, scratch.baseAddress!, Int32(region.width), Int32(region.height), Int32(radius))
      }
    }
  }

  mutating func solve(_ epsilon: Float) -> [SIMD4<Float>] {
    let n = region.area
    for i in 0..<n {
      let r = planes[i]
      let g = planes[n + i]
      let b = planes[2 * n + i]
      let p = planes[3 * n + i]
      let a = Self.weights(
        rr: planes[4 * n + i] - r * r + epsilon, rg: planes[5 * n + i] - r * g, rb: planes[6 * n + i] - r * b,
        gg: planes[7 * n + i] - g * g + epsilon, gb: planes[8 * n + i] - g * b, bb: planes[9 * n + i] - b * b + epsilon,
        covariance: SIMD3(planes[10 * n + i] - r * p, planes[11 * n + i] - g * p, planes[12 * n + i] - b * p))
      planes[i] = a.x
      planes[n + i] = a.y
      planes[2 * n + i] = a.z
      planes[3 * n + i] = p - a.x * r - a.y * g - a.z * b
    }
    for plane in 0..<4 { smooth(plane) }
    return (0..<n).map { SIMD4(planes[$0], planes[n + $0], planes[2 * n + $0], planes[3 * n + $0]) }
  }

  /// The symmetric 3x3 system by Cramer's rule.
  @inline(__always)
  private static func weights(
    rr: Float, rg: Float, rb: Float, gg: Float, gb: Float, bb: Float, covariance c: SIMD3<Float>
  ) -> SIMD3<Float> {
    let i0 = gg * bb - gb * gb
    let i1 = gb * rb - rg * bb
    let i2 = rg * gb - gg * rb
    let scale = 1 / (rr * i0 + rg * i1 + rb * i2)
    let i4 = rr * bb - rb * rb
    let i5 = rg * rb - rr * gb
    let i8 = rr * gg - rg * rg
    return SIMD3(
      i0 * c.x + i1 * c.y + i2 * c.z, i1 * c.x + i4 * c.y + i5 * c.z, i2 * c.x + i5 * c.y + i8 * c.z) * scale
  }
}
