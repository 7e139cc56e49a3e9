import CPixelKernels
import Imaging

/// Smooths a flow and draws it to where brightness and gradients agree, from within its reach.
///
/// T. Brox et al., "High Accuracy Optical Flow Estimation Based on a Theory for Warping", ECCV 2004: one warp, the
/// robust weights renewed a few times, red-black over-relaxation between.
struct VariationalRefinement {
  let from: FlowLevel
  let to: FlowLevel
  let settings: FlowSettings.Refinement
  let threads: Int

  func refine(_ flow: FlowGrid, in scratch: FlowScratch) {
    let system = linearised(at: flow, in: scratch)
    let table = cpk_flow()!.pointee
    let (weights, omega) = (settings.weights, settings.omega)
    for _ in 0..<settings.rounds {
      rows { first, last in system.use { table.smoothness($0, weights, first, last) } }
      rows { first, last in system.use { table.data($0, weights, first, last) } }
      for _ in 0..<settings.sweeps {
        for colour in 0..<2 {
          rows { first, last in system.use { table.relax($0, omega, Int32(colour), first, last) } }
        }
      }
    }
    rows { first, last in
      var grid = flow.grid
      system.use { table.gather($0, &grid, first, last) }
    }
  }

  private func linearised(at flow: FlowGrid, in scratch: FlowScratch) -> FlowSystem {
    let planes = scratch.planes(width: from.width, height: from.height)
    let (change, seen, mean) = (planes[2], planes[8], planes[9])
    let table = cpk_flow()!.pointee
    rows { [from, to] first, last in
      var (source, target, grid) = (from.pointers, to.pointers, flow.grid)
      table.warp(&source, &target, &grid, mean.origin, change.origin, seen.origin, first, last)
    }
    mean.repeatEdges(border: 2)
    change.repeatEdges(border: 2)
    let (width, stride) = (Int32(from.width), Int32(mean.stride))
    rows { first, last in
      table.derive(mean.origin, width, stride, planes[0].origin, planes[1].origin, first, last)
      table.derive(change.origin, width, stride, planes[6].origin, planes[7].origin, first, last)
    }
    planes[0].repeatEdges(border: 2)
    planes[1].repeatEdges(border: 2)
    let system = scratch.system(width: from.width, height: from.height)
    rows { first, last in
      table.derive(planes[0].origin, width, stride, planes[3].origin, planes[4].origin, first, last)
      table.derive(planes[1].origin, width, stride, nil, planes[5].origin, first, last)
      let origins = planes.prefix(8).map { UnsafePointer($0.origin) as UnsafePointer<Float>? }
      var grid = flow.grid
      system.use { table.linearise(origins, seen.origin, stride, &grid, $0, first, last) }
    }
    return system
  }

  private func rows(_ body: @Sendable (Int32, Int32) -> Void) {
    Rows.concurrently(from.height, threads: threads, minimumBand: 16) {
      body(Int32($0.lowerBound), Int32($0.upperBound))
    }
  }
}
