import CPixelKernels
import Imaging

/// The flow between two pictures at one scale.
struct FlowLevelSolver: Sendable {
  let from: FlowLevel
  let to: FlowLevel
  let settings: FlowSettings
  let threads: Int

  /// Patch rows that pass displacements on among themselves: fixed, so that threads do not change the result.
  private static let bandRows = 16

  func solve(coarse: FlowGrid?, initial: FlowGrid?) -> FlowGrid {
    let side = Int(CPK_FLOW_PATCH)
    let step = settings.patchStride
    let patches = FlowGrid(
      width: (from.width - side + step - 1) / step + 1, height: (from.height - side + step - 1) / step + 1)
    let trust = FlowBuffer(count: Int(patches.grid.stride) * patches.height)
    search(patches, trust, coarse: coarse, initial: initial)
    let flow = FlowGrid(width: from.width, height: from.height)
    densify(patches, trust, into: flow)
    if settings.refinements > 0 { VariationalRefinement(self).refine(flow) }
    return flow
  }

  private func search(_ patches: FlowGrid, _ trust: FlowBuffer, coarse: FlowGrid?, initial: FlowGrid?) {
    let table = cpk_flow()!.pointee
    let rows = Self.bandRows
    Rows.concurrently((patches.height + rows - 1) / rows, threads: threads, minimumBand: 1) { bands in
      var (source, target) = (from.pointers, to.pointers)
      var coarseGrid = coarse?.grid ?? FlowGrid.none
      var initialGrid = initial?.grid ?? FlowGrid.none
      var patchGrid = patches.grid
      let search = cpk_flow_search(
        stride: Int32(settings.patchStride), iterations: Int32(settings.descent), settled: settings.settled)
      for band in bands {
        table.search(
          &source, &target, &coarseGrid, &initialGrid, search, &patchGrid, trust.start, Int32(band * rows),
          Int32(min(patches.height, (band + 1) * rows)))
      }
    }
  }

  private func densify(_ patches: FlowGrid, _ trust: FlowBuffer, into flow: FlowGrid) {
    let table = cpk_flow()!.pointee
    Rows.concurrently(flow.height, threads: threads, minimumBand: 16) { rows in
      var (source, target, patchGrid, dense) = (from.pointers, to.pointers, patches.grid, flow.grid)
      let scratch = FlowBuffer(count: 3 * rows.count * Int(dense.stride))
      table.densify(
        &source, &target, &patchGrid, trust.start, Int32(settings.patchStride), &dense, scratch.start,
        Int32(rows.lowerBound), Int32(rows.upperBound))
    }
  }
}

extension FlowGrid {
  /// A field of full size brought to a level's scale: the vectors at the samples' centres, shortened.
  convenience init(_ field: FlowField, scale: Int, like level: FlowLevel) {
    self.init(width: level.width, height: level.height)
    let factor = Float(1 << scale)
    for y in 0..<height {
      for x in 0..<width {
        let vector = field.sampled((Float(x) + 0.5) * factor - 0.5, (Float(y) + 0.5) * factor - 0.5) / factor
        grid.u[y * Int(grid.stride) + x] = vector.x
        grid.v[y * Int(grid.stride) + x] = vector.y
      }
    }
  }

  /// Twice as large, with vectors twice as long.
  func doubled(threads: Int) -> FlowGrid {
    let large = FlowGrid(width: width * 2, height: height * 2)
    let row = FlowBuffer(count: 2 * large.width)
    var small = grid
    let table = cpk_flow()!.pointee
    for y in 0..<large.height {
      table.enlarge(&small, row.start - y * large.width * 2, Int32(large.width), Int32(y), Int32(y + 1))
      for x in 0..<large.width {
        large.grid.u[y * Int(large.grid.stride) + x] = row.start[2 * x]
        large.grid.v[y * Int(large.grid.stride) + x] = row.start[2 * x + 1]
      }
    }
    return large
  }
}
