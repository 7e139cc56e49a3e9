import GridNetwork
import Imaging
import Testing

@testable import Tracking

/// The network that joins evidence against PyTorch, with the same weights on the same pattern.
struct FusionNetworkTests {
  @Test func saysWhatPyTorchDoes() {
    var told = CellPlane(width: 18, height: 13, channels: EvidencePlane.channels)
    for y in 0..<13 {
      for x in 0..<18 {
        for k in 0..<told.channels {
          told.values[told.offset(x: x, y: y) + k] = Float((x * 7 + y * 5 + k * 3) % 11) / 4 - 1
        }
      }
    }
    let said = FittedModels.fusion.odds(told, threads: 2)
    #expect(said.count == FusionAnswers.odds.count)
    for (own, other) in zip(said, FusionAnswers.odds) { #expect(abs(own - other) < 0.002 + 0.001 * abs(other)) }
    #expect(said.contains { abs($0) > 0.1 }, "the network says nothing")
  }
}

struct EvidencePlaneTests {
  private static let grid = WorkingGrid(width: 90, height: 60, area: 90 * 60)

  private func seen() -> Observation {
    var frame = RGBImage(width: 90, height: 60, repeating: SIMD4(20 << 8, 60 << 8, 90 << 8, 0))
    for y in 0..<60 {
      for x in 40..<90 { frame[x, y] = SIMD4(200 << 8, 180 << 8, 30 << 8, 0) }
    }
    return Observation(frame, grid: Self.grid, threads: 1)
  }

  private func window(_ region: Region) -> ObjectWindow {
    var window = ObjectWindow(
      index: 1, region: region, pose: Pose(center: SIMD2(30, 30), half: SIMD2(10, 10)),
      distance: (0..<region.area).map { Float($0 % region.width) - 4 }, isCarried: true)
    window.look = window.distance.map { $0 * 3 }
    window.score = window.distance
    return window
  }

  /// A cell of the plane is the mean of the window's cells that it covers, those cut off by its ends too.
  @Test func means() {
    let seen = seen()
    let window = window(Region(x: 17, y: 9, width: 23, height: 31))
    let claims = [Float](repeating: 1, count: Self.grid.count)
    let whole = EvidencePlane(window, seen, claims: claims, limit: 10_000)
    #expect(whole.step == 1 && whole.cells.width == 23 && whole.cells.height == 31)
    let coarse = EvidencePlane(window, seen, claims: claims, limit: 100)
    #expect(coarse.step == 3 && coarse.cells.width == 8 && coarse.cells.height == 11)
    for (columns, rows, x, y) in [(0..<3, 0..<3, 0, 0), (21..<23, 30..<31, 7, 10)] {
      for channel in 0..<EvidencePlane.channels {
        var sum: Float = 0
        for v in rows { for u in columns { sum += whole.cells.values[whole.cells.offset(x: u, y: v) + channel] } }
        let mean = sum / Float(rows.count * columns.count)
        #expect(abs(coarse.cells.values[coarse.cells.offset(x: x, y: y) + channel] - mean) < 1e-5)
      }
    }
  }

  /// What is the same everywhere is so after spreading, and what rises goes on rising.
  @Test(arguments: [1, 2, 5])
  func spreads(step: Int) {
    let region = Region(x: 0, y: 0, width: 23, height: 11)
    let plane = EvidencePlane(
      window(region), seen(), claims: [Float](repeating: 1, count: Self.grid.count),
      limit: (region.area + step * step - 1) / (step * step))
    let cells = plane.cells
    #expect(plane.step == step)
    let flat = plane.spread([Float](repeating: 2, count: cells.width * cells.height), region)
    #expect(flat == [Float](repeating: 2, count: region.area))
    let ramp = plane.spread((0..<cells.width * cells.height).map { Float($0 % cells.width) }, region)
    for x in 1..<region.width { #expect(ramp[x] >= ramp[x - 1]) }
    #expect(ramp[0] == 0)
    #expect(abs(ramp[region.width - 1] - Float(cells.width - 1)) <= 0.25, "the last cell is cut off, its middle is not")
  }
}
