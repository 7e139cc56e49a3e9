import CPixelKernels
import Imaging

/// The kernels' stages one by one, at the CPU level in force, for the tests that hold them against `FlowReference`.
@_spi(Reference)
public enum FlowStages {
  public static func halved(_ picture: Plane<UInt8>) -> Plane<Float> {
    let out = BorderedPlane(width: (picture.width + 1) / 2, height: (picture.height + 1) / 2)
    cpk_flow()!.pointee.halve_bytes(
      picture.samples, Int32(picture.width), Int32(picture.height), out.origin, Int32(out.stride), 0,
      Int32(out.height))
    return out.plane
  }

  public static func gradients(_ image: Plane<Float>) -> (x: Plane<Float>, y: Plane<Float>) {
    let level = level(image)
    return (level.gradients!.x.plane, level.gradients!.y.plane)
  }

  public static func enlarged(_ flow: FlowField, width: Int, height: Int) -> FlowField {
    FlowGrid(flow).enlarged(width: width, height: height, threads: 1).field(width: width, height: height, threads: 1)
  }

  /// One band, from no motion.
  public static func searched(from: Plane<Float>, to: Plane<Float>, stride: Int, iterations: Int, settled: Float)
    -> FlowField
  {
    let patches = FlowGrid(
      width: (from.width - 9 + stride) / stride + 1, height: (from.height - 9 + stride) / stride + 1)
    let trust = FlowBuffer(count: Int(patches.grid.stride) * patches.height)
    let levels = (level(from), level(to))
    var (source, target, none, other, grid) = (
      levels.0.pointers, levels.1.pointers, FlowGrid.none, FlowGrid.none, patches.grid
    )
    cpk_flow()!.pointee.search(
      &source, &target, &none, &other,
      cpk_flow_search(stride: Int32(stride), iterations: Int32(iterations), settled: settled), &grid, trust.start, 0,
      Int32(patches.height))
    withExtendedLifetime(levels) {}
    return patches.field(width: patches.width, height: patches.height, threads: 1)
  }

  public static func densified(from: Plane<Float>, to: Plane<Float>, patches: FlowField, stride: Int) -> FlowField {
    let (levels, grid, out) = (
      (level(from), level(to)), FlowGrid(patches), FlowGrid(width: from.width, height: from.height)
    )
    let trust = FlowBuffer(count: Int(grid.grid.stride) * grid.height)
    for i in 0..<Int(grid.grid.stride) * grid.height { trust.start[i] = 1 }
    let scratch = FlowBuffer(count: 3 * from.height * Int(out.grid.stride))
    var (source, target, patchGrid, dense) = (levels.0.pointers, levels.1.pointers, grid.grid, out.grid)
    cpk_flow()!.pointee.densify(
      &source, &target, &patchGrid, trust.start, Int32(stride), &dense, scratch.start, 0, Int32(from.height))
    withExtendedLifetime(levels) {}
    return out.field(width: from.width, height: from.height, threads: 1)
  }

  public static func refined(
    _ flow: FlowField, from: Plane<Float>, to: Plane<Float>, rounds: Int, sweeps: Int, omega: Float
  ) -> FlowField {
    let grid = FlowGrid(flow)
    let settings = FlowSettings.Refinement(rounds: rounds, sweeps: sweeps, omega: omega)
    VariationalRefinement(from: level(from), to: level(to), settings: settings, threads: 1)
      .refine(grid, in: FlowScratch(width: from.width, height: from.height))
    return grid.field(width: flow.width, height: flow.height, threads: 1)
  }

  private static func level(_ image: Plane<Float>) -> FlowLevel {
    let plane = BorderedPlane(width: image.width, height: image.height)
    for y in 0..<image.height {
      for x in 0..<image.width { plane.origin[y * plane.stride + x] = image[x, y] }
    }
    return FlowLevel(image: plane, valid: nil, threads: 1)
  }
}

extension BorderedPlane {
  fileprivate var plane: Plane<Float> {
    var out = Plane<Float>(width: width, height: height, repeating: 0)
    for y in 0..<height {
      for x in 0..<width { out[x, y] = origin[y * stride + x] }
    }
    return out
  }
}

extension FlowGrid {
  fileprivate convenience init(_ field: FlowField) {
    self.init(width: field.width, height: field.height)
    for y in 0..<height {
      for x in 0..<width {
        grid.u[y * Int(grid.stride) + x] = field[x, y].x
        grid.v[y * Int(grid.stride) + x] = field[x, y].y
      }
    }
  }
}
