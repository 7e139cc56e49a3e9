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

  func solve(coarse: FlowGrid?, initial: FlowGrid?, in scratch: FlowScratch) -> FlowGrid {
    let side = Int(CPK_FLOW_PATCH)
    let step = settings.patchStride
    let patches = FlowGrid(
      width: (from.width - side + step - 1) / step + 1, height: (from.height - side + step - 1) / step + 1)
    let trust = FlowBuffer(count: Int(patches.grid.stride) * patches.height)
    search(patches, trust, coarse: coarse, initial: initial)
    let flow = FlowGrid(width: from.width, height: from.height)
    densify(patches, trust, into: flow)
    if let refinement = settings.refinement {
      VariationalRefinement(from: from, to: to, settings: refinement, threads: threads).refine(flow, in: scratch)
    }
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

  /// About twice as large, with vectors twice as long.
  func enlarged(width: Int, height: Int, threads: Int) -> FlowGrid {
    let large = FlowGrid(width: width, height: height)
    let table = cpk_flow()!.pointee
    Rows.concurrently(height, threads: threads) { rows in
      var (small, out) = (grid, large.grid)
      table.enlarge(&small, &out, Int32(rows.lowerBound), Int32(rows.upperBound))
    }
    return large
  }

  /// The top left part, as a field.
  func field(width: Int, height: Int, threads: Int) -> FlowField {
    var field = FlowField(width: width, height: height)
    let table = cpk_flow()!.pointee
    field.vectors.withUnsafeMutableBytes { bytes in
      let out = SharedPointer(bytes.baseAddress!.assumingMemoryBound(to: Float.self))
      Rows.concurrently(height, threads: threads) { rows in
        var source = grid
        table.interleave(&source, out.pointer, Int32(width), Int32(rows.lowerBound), Int32(rows.upperBound))
      }
    }
    return field
  }
}

/// A pointer that threads write disjoint rows of.
private struct SharedPointer: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<Float>
  init(_ pointer: UnsafeMutablePointer<Float>) { self.pointer = pointer }
}
