import Imaging
import Motion

/// Motion inside the hole as it was when the pixel was last seen, or will be when it is seen next: what a pixel's motion
/// departs from the camera's is carried along that motion, frame by frame, into and through the hole. Depth edges and
/// movers keep their outlines there, which nothing around the hole could tell.
struct FlowPersistence {
  let measured: [TwoWayFlow]
  /// Not 0 where the measurement is not believed, for each frame.
  let sought: [Plane<UInt8>]
  let doubtful: [Plane<UInt8>]
  let camera: [CameraStep]

  /// Residuals to the camera's motion in a frame's box around the sought pixels.
  struct Carried {
    let region: Region
    var values: [SIMD4<Float>]
    /// 0 where nothing was carried; falls with every frame since the pixel was seen.
    var weights: [Float]
  }

  private static let fading: Float = 0.94
  private static let surroundings = 32

  /// For each frame what comes in from one side in time.
  func carry(_ direction: ChainDirection) -> [Carried?] {
    var out = [Carried?](repeating: nil, count: measured.count)
    let order = direction == .later ? Array(measured.indices) : measured.indices.reversed()
    for index in order {
      guard let region = sought[index].boundingBox else { continue }
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
    let width = sought[index].width
    let region = carried.region
    let around = region.grown(by: FlowPersistence.surroundings).intersection(sought[index].bounds)
    for y in around.y..<around.maxY {
      for x in around.x..<around.maxX {
        let pixel = y * width + x
        let base = camera[source].vector(x, y)
        var residual = measured[source].vectors[pixel] - base
        var weight: Float = 1
        if sought[source].samples[pixel] != 0 {
          guard let before, before.region.contains(x: x, y: y) else { continue }
          let place = (y - before.region.y) * before.region.width + x - before.region.x
          weight = before.weights[place] * FlowPersistence.fading
          residual = before.values[place]
        } else if doubtful[source].samples[pixel] != 0 {
          continue
        }
        guard weight > 0.05 else { continue }
        let total = base + residual
        let step = direction == .later ? total.lowHalf : total.highHalf
        let (tx, ty) = (Float(x) + step.x, Float(y) + step.y)
        guard abs(tx) < 1e6, abs(ty) < 1e6 else { continue }
        let (column, row) = (Int(tx.rounded()), Int(ty.rounded()))
        guard region.contains(x: column, y: row), sought[index].samples[row * width + column] != 0 else { continue }
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

  /// The flow of one frame from what was carried in from both sides.
  func flow(at index: Int, _ past: Carried?, _ future: Carried?) -> TwoWayFlow {
    let width = sought[index].width
    var out = measured[index]
    guard let past, let future else { return out }
    let region = past.region
    var unknown = sought[index]
    for y in region.y..<region.maxY {
      for x in region.x..<region.maxX where sought[index].samples[y * width + x] != 0 {
        let place = (y - region.y) * region.width + x - region.x
        let pixel = y * width + x
        guard let residual = merged(past, future, place) else { continue }
        out.vectors[pixel] = camera[index].vector(x, y) + residual
        unknown.samples[pixel] = 0
      }
    }
    let completion = FlowCompletion(measured: out, sought: unknown, doubtful: doubtful[index])
    var base = [SIMD4<Float>](repeating: .zero, count: out.vectors.count)
    let near = region.grown(by: FlowPersistence.surroundings).intersection(sought[index].bounds)
    for y in near.y..<near.maxY {
      for x in near.x..<near.maxX { base[y * width + x] = camera[index].vector(x, y) }
    }
    return completion.following(base, layered: true)
  }

  private func merged(_ past: Carried, _ future: Carried, _ place: Int) -> SIMD4<Float>? {
    let (a, b) = (past.weights[place], future.weights[place])
    if a <= 0.05 && b <= 0.05 { return nil }
    let d = past.values[place] - future.values[place]
    if a > 0.05 && b > 0.05 && (d * d).sum() < 2 {
      return (past.values[place] * a + future.values[place] * b) / (a + b)
    }
    return a >= b ? past.values[place] : future.values[place]
  }
}

/// The camera's motion of one frame to both neighbours.
struct CameraStep: Sendable {
  let later: Homography?
  let earlier: Homography?

  /// Lanes as in `TwoWayFlow`; zeros where there is no neighbour.
  func vector(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let place = SIMD2(Float(x), Float(y))
    var out = SIMD4<Float>.zero
    if let later { out.lowHalf = later(place) - place }
    if let earlier { out.highHalf = earlier(place) - place }
    return out
  }
}
