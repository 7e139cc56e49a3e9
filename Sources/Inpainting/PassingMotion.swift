import Imaging

/// Where a flow departs from the camera's motion by so much that what rests with the camera cannot be meant: something
/// passes there, a reflection perhaps, and takes a chain along that came over resting ground.
struct PassingMotion: Sendable {
  private let cells: Region
  /// For each cell a bit for each direction; empty where nothing passes.
  private let directions: [UInt8]

  /// Pixels a frame by which what rests departs from the camera's motion at most, and the share of that motion which
  /// parallax may add.
  private static let limit: Float = 3
  private static let parallax: Float = 0.5

  /// - Parameter camera: its motion at each cell of the flow.
  init(_ flow: TwoWayFlow, camera: [SIMD4<Float>]) {
    cells = flow.cells
    var directions = [UInt8](repeating: 0, count: cells.area)
    var any: UInt8 = 0
    for (cell, base) in camera.enumerated() {
      let residual = flow.vectors[cell] - base
      let bits: UInt8 =
        (PassingMotion.isPassing(residual.lowHalf, base.lowHalf) ? 1 : 0)
        | (PassingMotion.isPassing(residual.highHalf, base.highHalf) ? 2 : 0)
      directions[cell] = bits
      any |= bits
    }
    self.directions = any == 0 ? [] : directions
  }

  private static func isPassing(_ residual: SIMD2<Float>, _ base: SIMD2<Float>) -> Bool {
    let limit = limit + parallax * (base * base).sum().squareRoot()
    return (residual * residual).sum() > limit * limit
  }

  var isEmpty: Bool { directions.isEmpty }

  /// Whether something passes at a place of the frame, seen in one direction; only to be asked where it is not empty.
  @inline(__always)
  func passes(_ x: Float, _ y: Float, _ direction: ChainDirection) -> Bool {
    let (column, row) = (Int(x) / TwoWayFlow.step - cells.x, Int(y) / TwoWayFlow.step - cells.y)
    guard column >= 0, row >= 0, column < cells.width, row < cells.height else { return false }
    return directions[row * cells.width + column] & (direction == .later ? 1 : 2) != 0
  }
}
