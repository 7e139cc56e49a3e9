import Imaging

/// Where chains along one frame's flow would go wrong.
///
/// Something passes over ground that rests, a reflection perhaps, and would take a chain along that came over the ground.
/// Or something stands at the border of the hole that does not move as the flow completed there: a chain that comes out
/// of the hole would take it for what lies behind.
struct ChainHazards: Sendable {
  private let cells: Region
  /// For each cell a bit for each direction in which something passes, and one for what stands before; empty where there
  /// is none.
  private let bits: [UInt8]

  private static let occluded: UInt8 = 4
  /// Pixels a frame by which what rests departs from the camera's motion at most, and the share of that motion which
  /// parallax may add.
  private static let limit: Float = 3
  private static let parallax: Float = 0.5
  /// Squared distance of the completed from the measured flow, both ways together, at most `base + slope * length²`.
  private static let base: Float = 4
  private static let slope: Float = 0.02

  /// - Parameters:
  ///   - flow: completed in and near the hole.
  ///   - measured: the same before it was completed.
  ///   - camera: its motion at each cell.
  init(_ flow: TwoWayFlow, measured: TwoWayFlow, camera: [SIMD4<Float>], options: InpaintingOptions) {
    cells = flow.cells
    var bits = [UInt8](repeating: 0, count: cells.area)
    var any: UInt8 = 0
    for (cell, base) in camera.enumerated() {
      let vector = flow.vectors[cell]
      if options.tellsPassingMotion {
        if ChainHazards.passes(vector.lowHalf, base.lowHalf) { bits[cell] |= 1 }
        if ChainHazards.passes(vector.highHalf, base.highHalf) { bits[cell] |= 2 }
      }
      if options.tellsOccluders, ChainHazards.departs(vector, measured.vectors[cell]) {
        bits[cell] |= ChainHazards.occluded
      }
      any |= bits[cell]
    }
    self.bits = any == 0 ? [] : bits
  }

  private static func passes(_ vector: SIMD2<Float>, _ camera: SIMD2<Float>) -> Bool {
    let limit = limit + parallax * (camera * camera).sum().squareRoot()
    let d = vector - camera
    return (d * d).sum() > limit * limit
  }

  private static func departs(_ vector: SIMD4<Float>, _ measured: SIMD4<Float>) -> Bool {
    let d = vector - measured
    return (d * d).sum() > base + slope * (vector * vector).sum()
  }

  var isEmpty: Bool { bits.isEmpty }

  /// Whether something passes at a place of the frame, seen in one direction.
  @inline(__always)
  func passes(_ x: Float, _ y: Float, _ direction: ChainDirection) -> Bool {
    has(direction == .later ? 1 : 2, Int(x), Int(y))
  }

  /// Whether something stands before what the flow means at a pixel.
  @inline(__always)
  func isOccluded(_ column: Int, _ row: Int) -> Bool { has(ChainHazards.occluded, column, row) }

  @inline(__always)
  private func has(_ bit: UInt8, _ x: Int, _ y: Int) -> Bool {
    let (column, row) = (x / TwoWayFlow.step - cells.x, y / TwoWayFlow.step - cells.y)
    guard !bits.isEmpty, column >= 0, row >= 0, column < cells.width, row < cells.height else { return false }
    return bits[row * cells.width + column] & bit != 0
  }
}
