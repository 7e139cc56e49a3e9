import Imaging
import Motion

/// The motion of one frame's pixels to the next frame (lanes 0, 1) and to the previous one (lanes 2, 3), in pixels, kept
/// around the hole only: one vector for each cell of `step` x `step` pixels.
struct TwoWayFlow: Sendable {
  /// Pixels that a cell is wide and high.
  static let step = 2

  /// Where in the frame the vectors lie.
  let region: Region
  /// The same in cells, those at the border whole.
  let cells: Region
  /// `cells.area` vectors, row-major. A direction without a neighbour holds zeros.
  var vectors: [SIMD4<Float>]

  /// - Parameter region: in the frame; it is taken to the left and top by less than a cell, so that cells of all frames
  ///   have their corners at the same pixels.
  init(region: Region) {
    cells = region.cells
    let (x, y) = (cells.x * TwoWayFlow.step, cells.y * TwoWayFlow.step)
    self.region = Region(x: x, y: y, width: region.maxX - x, height: region.maxY - y)
    vectors = [SIMD4<Float>](repeating: .zero, count: cells.area)
  }

  /// The vector at the frame's pixel (x, y), which must lie within `region`.
  @inline(__always)
  subscript(x: Int, y: Int) -> SIMD4<Float> {
    vectors[(y / TwoWayFlow.step - cells.y) * cells.width + x / TwoWayFlow.step - cells.x]
  }

  /// The middle of a cell in the frame.
  @inline(__always)
  static func middle(_ column: Int, _ row: Int) -> SIMD2<Float> {
    SIMD2(Float(column * step), Float(row * step)) + Float(step - 1) / 2
  }

  /// The cell that is nearest to a place in the frame; places must lie within some millions of pixels.
  @inline(__always)
  static func cell(at place: SIMD2<Float>) -> (column: Int, row: Int) {
    let cell = ((place - Float(step - 1) / 2) / Float(step)).rounded(.toNearestOrAwayFromZero)
    return (Int(cell.x), Int(cell.y))
  }

  /// Sets the lanes of one direction to the means of `flow` over the cells; its top left corner lies at the frame's (x, y)
  /// of `place`, which holds the region.
  mutating func set(_ direction: ChainDirection, to flow: FlowField, at place: Region) {
    for row in 0..<cells.height {
      for column in 0..<cells.width {
        let mean = mean(of: flow, at: place, column + cells.x, row + cells.y)
        switch direction {
        case .later: vectors[row * cells.width + column].lowHalf = mean
        case .earlier: vectors[row * cells.width + column].highHalf = mean
        }
      }
    }
  }

  /// The sum with another flow of the same region, whose lanes are zero where this one's are not.
  func joined(with other: TwoWayFlow) -> TwoWayFlow {
    var out = self
    for cell in vectors.indices { out.vectors[cell] += other.vectors[cell] }
    return out
  }

  private func mean(of flow: FlowField, at place: Region, _ column: Int, _ row: Int) -> SIMD2<Float> {
    let (left, top) = (column * TwoWayFlow.step - place.x, row * TwoWayFlow.step - place.y)
    let (right, bottom) = (min(flow.width, left + TwoWayFlow.step), min(flow.height, top + TwoWayFlow.step))
    var sum = SIMD2<Float>.zero
    for y in top..<bottom {
      for x in left..<right { sum += flow.vectors[y * flow.width + x] }
    }
    return sum / Float((right - left) * (bottom - top))
  }

  /// The lanes of one direction for each pixel of the region.
  func field(_ direction: ChainDirection) -> FlowField {
    var field = FlowField(width: region.width, height: region.height)
    for y in 0..<region.height {
      for x in 0..<region.width {
        let vector = self[x + region.x, y + region.y]
        field[x, y] = direction == .later ? vector.lowHalf : vector.highHalf
      }
    }
    return field
  }
}

extension Region {
  /// The cells of a flow that hold any of its pixels.
  var cells: Region {
    let step = TwoWayFlow.step
    let (left, top) = (x / step, y / step)
    return Region(
      x: left, y: top, width: (maxX + step - 1) / step - left, height: (maxY + step - 1) / step - top)
  }
}

/// Which way in time a chain leads.
enum ChainDirection: Int, Sendable, CaseIterable {
  case later = 0
  case earlier = 1

  var step: Int { self == .later ? 1 : -1 }
  /// The first lane of this direction in `TwoWayFlow`.
  var lane: Int { self == .later ? 0 : 2 }
}
