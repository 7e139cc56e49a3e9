import Imaging
import Motion

/// Motion inside the hole as it was when the pixel was last seen, or will be when it is seen next: what a pixel's motion
/// departs from the camera's is carried along that motion, frame by frame, into and through the hole. Depth edges and
/// movers keep their outlines there, which nothing around the hole could tell.
struct FlowPersistence {
  let measured: [TwoWayFlow]
  /// For each cell of a frame's flow; not 0 where the measurement is not believed.
  let sought: [Plane<UInt8>]
  let doubtful: [Plane<UInt8>]
  let camera: [CameraStep]

  /// Residuals to the camera's motion in a frame's box around the sought cells.
  struct Carried {
    /// In cells.
    let region: Region
    var values: [SIMD4<Float>]
    /// 0 where nothing was carried; falls with every frame since the place was seen.
    var weights: [Float]
  }

  private static let fading: Float = 0.94
  /// Weight below which what was carried counts for nothing.
  private static let faintest: Float = 0.05
  /// In cells.
  private static let surroundings = 16

  /// For each frame what comes in from one side in time.
  func carry(_ direction: ChainDirection) -> [Carried?] {
    var out = [Carried?](repeating: nil, count: measured.count)
    let order = direction == .later ? Array(measured.indices) : measured.indices.reversed()
    for index in order {
      guard let box = sought[index].boundingBox else { continue }
      let corner = measured[index].cells
      let region = Region(x: box.x + corner.x, y: box.y + corner.y, width: box.width, height: box.height)
      var carried = Carried(
        region: region, values: [SIMD4<Float>](repeating: .zero, count: region.area),
        weights: [Float](repeating: 0, count: region.area))
      let source = index - direction.step
      if measured.indices.contains(source) { splat(from: source, out[source], direction, into: &carried, at: index) }
      out[index] = carried
    }
    return out
  }

  private func splat(
    from source: Int, _ before: Carried?, _ direction: ChainDirection, into carried: inout Carried, at index: Int
  ) {
    let region = carried.region
    let (here, there) = (measured[index].cells, measured[source].cells)
    let around = region.grown(by: FlowPersistence.surroundings).intersection(there)
    for y in around.y..<max(around.y, around.maxY) {
      for x in around.x..<around.maxX {
        let base = camera[source].vector(at: TwoWayFlow.middle(x, y))
        guard let (residual, weight) = residual(source, before, x, y, base) else { continue }
        let total = base + residual
        let step = direction == .later ? total.lowHalf : total.highHalf
        let (tx, ty) = (Float(x) + step.x / Float(TwoWayFlow.step), Float(y) + step.y / Float(TwoWayFlow.step))
        guard abs(tx) < 1e6, abs(ty) < 1e6 else { continue }
        let (column, row) = (Int(tx.rounded()), Int(ty.rounded()))
        guard region.contains(x: column, y: row),
          sought[index].samples[(row - here.y) * here.width + column - here.x] != 0
        else { continue }
        let off = max(abs(tx - Float(column)), abs(ty - Float(row)))
        let place = (row - region.y) * region.width + column - region.x
        let score = weight * (1 - 0.2 * off)
        if score > carried.weights[place] {
          carried.weights[place] = score
          carried.values[place] = residual
        }
      }
    }
  }

  /// What a cell's motion departs from the camera's `base`: measured, or carried here before.
  private func residual(
    _ index: Int, _ carried: Carried?, _ x: Int, _ y: Int, _ base: SIMD4<Float>
  ) -> (SIMD4<Float>, Float)? {
    let region = measured[index].cells
    let pixel = (y - region.y) * region.width + x - region.x
    if sought[index].samples[pixel] == 0 {
      return doubtful[index].samples[pixel] == 0 ? (measured[index].vectors[pixel] - base, 1) : nil
    }
    guard let carried, carried.region.contains(x: x, y: y) else { return nil }
    let place = (y - carried.region.y) * carried.region.width + x - carried.region.x
    let weight = carried.weights[place] * FlowPersistence.fading
    return weight > FlowPersistence.faintest ? (carried.values[place], weight) : nil
  }

  /// The flow of one frame from what was carried in from both sides.
  func flow(at index: Int, _ past: Carried?, _ future: Carried?) -> TwoWayFlow {
    var out = measured[index]
    guard let past, let future else { return out }
    let (region, here) = (past.region, out.cells)
    var unknown = sought[index]
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX {
        let pixel = (y - here.y) * here.width + x - here.x
        guard sought[index].samples[pixel] != 0,
          let residual = merged(past, future, (y - region.y) * region.width + x - region.x)
        else { continue }
        out.vectors[pixel] = camera[index].vector(at: TwoWayFlow.middle(x, y)) + residual
        unknown.samples[pixel] = 0
      }
    }
    let completion = FlowCompletion(measured: out, sought: unknown, doubtful: doubtful[index])
    return completion.following(camera[index], layered: true)
  }

  private func merged(_ past: Carried, _ future: Carried, _ place: Int) -> SIMD4<Float>? {
    let (a, b) = (past.weights[place], future.weights[place])
    if max(a, b) <= FlowPersistence.faintest { return nil }
    let d = past.values[place] - future.values[place]
    if min(a, b) > FlowPersistence.faintest && (d * d).sum() < 2 {
      return (past.values[place] * a + future.values[place] * b) / (a + b)
    }
    return a >= b ? past.values[place] : future.values[place]
  }
}
