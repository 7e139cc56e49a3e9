import CPixelKernels
import Imaging

/// Smooths a flow and draws it to where brightness and gradients agree, from within its reach.
///
/// T. Brox et al., "High Accuracy Optical Flow Estimation Based on a Theory for Warping", ECCV 2004: one warp, the
/// robust weights renewed a few times, red-black over-relaxation between.
struct VariationalRefinement {
  private let from: FlowLevel
  private let to: FlowLevel
  private let settings: FlowSettings
  private let threads: Int

  init(_ solver: FlowLevelSolver) {
    from = solver.from
    to = solver.to
    settings = solver.settings
    threads = solver.threads
  }

  func refine(_ flow: FlowGrid) {
    let system = linearised(at: flow)
    let table = cpk_flow()!.pointee
    let (weights, omega) = (settings.weights, settings.omega)
    for _ in 0..<settings.refinements {
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

  private func linearised(at flow: FlowGrid) -> FlowSystem {
    let planes = (0..<9).map { _ in BorderedPlane(width: from.width, height: from.height) }
    let (mean, change, seen) = (BorderedPlane(width: from.width, height: from.height), planes[2], planes[8])
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
    let system = FlowSystem(width: from.width, height: from.height)
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

/// The planes of `cpk_flow_system`, owned.
final class FlowSystem: @unchecked Sendable {
  private let buffer: FlowBuffer
  private let system: cpk_flow_system

  init(width: Int, height: Int) {
    let half = ((width + 1) / 2 + 15) / 16 * 16
    let stride = half + 32
    let plane = stride * 2 * (height + 2)
    let buffer = FlowBuffer(count: 20 * plane)
    self.buffer = buffer
    var next = buffer.start + 2 * stride + 16
    func take() -> UnsafeMutablePointer<Float> {
      defer { next += plane }
      return next
    }
    var system = cpk_flow_system()
    withUnsafeMutableBytes(of: &system.constraint) { bytes in
      let pointers = bytes.assumingMemoryBound(to: UnsafeMutablePointer<Float>.self)
      for i in 0..<9 { pointers[i] = take() }
    }
    (system.u0, system.v0, system.u, system.v) = (take(), take(), take(), take())
    (system.right, system.down, system.a12) = (take(), take(), take())
    (system.c1, system.c2, system.inverse1, system.inverse2) = (take(), take(), take(), take())
    system.columns = Int32(width)
    (system.width, system.height, system.stride) = (Int32(half), Int32(height), Int32(stride))
    self.system = system
  }

  func use(_ body: (UnsafeMutablePointer<cpk_flow_system>) -> Void) {
    var copy = system
    body(&copy)
  }
}
