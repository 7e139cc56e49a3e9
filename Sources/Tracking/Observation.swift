import Imaging
import Motion

/// What is computed once a frame and shared by all objects.
struct Observation: Sendable {
  let grid: WorkingGrid
  /// Mean R'G'B' levels of each cell.
  let cells: [SIMD4<Float>]
  /// Planes L, a, b.
  let lab: [Float]
  let features: PixelFeatures
  let flow: OpticalFlow
  let pyramid: OpticalFlow.Pyramid

  init(_ frame: RGBImage, grid: WorkingGrid, threads: Int) {
    self.grid = grid
    cells = grid.reduce(frame, threads: threads)
    lab = LabColor.planes(cells)
    features = PixelFeatures(lab: lab, width: grid.width, height: grid.height)
    flow = OpticalFlow(.medium, threads: threads)
    let luma = Plane(
      width: grid.width, height: grid.height,
      samples: cells.map {
        UInt8(max(0, min(255, 0.299 * $0.x + 0.587 * $0.y + 0.114 * $0.z + 0.5)))
      })
    pyramid = flow.pyramid(luma)
  }

  /// Displacements, in cells, back to the frame that `before` was made of.
  func flow(to before: OpticalFlow.Pyramid) -> FlowField { flow.flow(from: pyramid, to: before) }
}
