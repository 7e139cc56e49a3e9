import Imaging
import Motion

/// How a frame's neighbours tell what moves otherwise than its surroundings.
///
/// For each neighbour the camera's motion and the optical flow compete in explaining the frame. Where the ground has no
/// texture both do, and nothing is said: an object's flow bleeds into it, and must not count there. What one neighbour
/// hides another shows: what the camera's motion explains in any of them stands still.
struct SceneMotion: Sendable {
  private let luma: Plane<UInt8>
  /// What a pixel may differ by: noise, and half a pixel's error of place.
  private let tolerance: [Float]
  private let views: [NeighbourView]

  private static let noise: Float = 4
  private static let placeError: Float = 0.5
  /// Pixels beyond the camera's motion from which something moves.
  private static let leastMotion: Float = 1
  /// Of its own motion nothing is known where a pixel goes with the camera; a misfit below this says that it stands still.
  private static let still: Float = 1

  /// nil where no neighbour is of the same shot.
  /// - Parameter neighbours: as large as `image`; those of another shot are told by their flow, and left out.
  init?(_ image: RGBImage, neighbours: [RGBImage], threads: Int) {
    let luma = image.luma
    let tolerance = SceneMotion.tolerance(luma)
    let engine = OpticalFlow(.fast, threads: threads)
    let base = engine.pyramid(luma)
    views = neighbours.compactMap { neighbour in
      let other = neighbour.luma
      return NeighbourView(luma, other, flow: engine.flow(from: base, to: engine.pyramid(other)), tolerance)
    }
    guard !views.isEmpty else { return nil }
    self.luma = luma
    self.tolerance = tolerance
  }

  /// How much better a motion of its own explains each pixel than the camera's does, in tolerances, -3...3.
  var ownMotion: [Float] {
    tolerance.indices.map { p in
      var (camera, own) = (Float.infinity, Float.infinity)
      for view in views {
        camera = min(camera, view.cameraMisfit[p])
        if SceneMotion.moves(view.own(p)) { own = min(own, view.flowMisfit[p]) }
      }
      return own.isFinite ? camera - own : min(0, camera - SceneMotion.still)
    }
  }

  /// Log-odds that each superpixel moves as the clicked ones do rather than with the camera, -3…3; 0 where the frames do
  /// not tell. nil where the clicked ones themselves stand still.
  func evidence(for clicked: [Int], _ graph: RegionGraph) -> [Float]? {
    let labels = graph.superpixels.labels
    var isClicked = [Bool](repeating: false, count: graph.count)
    for region in clicked { isClicked[region] = true }
    let pixels = labels.indices.filter { isClicked[Int(labels[$0])] }
    let moves = views.compactMap { view in SceneMotion.motion(of: pixels, view).map { (view: view, motion: $0) } }
    guard !moves.isEmpty else { return nil }
    var camera = [Float](repeating: .infinity, count: labels.count)
    var own = camera
    for (view, motion) in moves { view.lower(&camera, &own, motion: motion, luma, tolerance) }
    var sums = [Float](repeating: 0, count: graph.count)
    for p in labels.indices { sums[Int(labels[p])] += camera[p] - own[p] }
    return sums.indices.map { sums[$0] / graph.regions[$0].area }
  }

  /// The median motion beyond the camera's; nil where there is none.
  private static func motion(of pixels: [Int], _ view: NeighbourView) -> SIMD2<Float>? {
    guard !pixels.isEmpty else { return nil }
    let motions = pixels.map(view.own)
    let median = SIMD2(motions.map(\.x).sorted()[pixels.count / 2], motions.map(\.y).sorted()[pixels.count / 2])
    return moves(median) ? median : nil
  }

  private static func moves(_ motion: SIMD2<Float>) -> Bool { (motion * motion).sum() > leastMotion * leastMotion }

  /// Limbs move in ways of their own, yet nearer to the whole's way than to the camera's.
  fileprivate static func goes(_ own: SIMD2<Float>, with motion: SIMD2<Float>) -> Bool {
    let apart = own - motion
    return moves(own) && (apart * apart).sum() < (own * own).sum()
  }

  private static func tolerance(_ luma: Plane<UInt8>) -> [Float] {
    var tolerance = [Float](repeating: noise, count: luma.width * luma.height)
    for y in 0..<luma.height {
      for x in 0..<luma.width {
        let across = Float(luma[min(x + 1, luma.width - 1), y]) - Float(luma[max(x - 1, 0), y])
        let down = Float(luma[x, min(y + 1, luma.height - 1)]) - Float(luma[x, max(y - 1, 0)])
        tolerance[y * luma.width + x] += placeError * (across * across + down * down).squareRoot() / 2
      }
    }
    return tolerance
  }
}

/// One neighbour, seen from the frame.
struct NeighbourView: Sendable {
  let camera: FlowField
  /// How badly each pixel agrees with the neighbour under the camera's motion and under the flow, in tolerances, 0…3.
  let cameraMisfit: [Float]
  let flowMisfit: [Float]
  private let other: Plane<UInt8>
  private let flow: FlowField

  /// Misfits beyond this say no more.
  private static let limit: Float = 3
  /// The flow between frames of one shot explains at least this share of the pixels.
  private static let leastExplained = 0.6

  /// nil for a neighbour of another shot.
  init?(_ luma: Plane<UInt8>, _ other: Plane<UInt8>, flow: FlowField, _ tolerance: [Float]) {
    self.other = other
    self.flow = flow
    camera = CameraMotion.estimate(flow: flow).field(width: flow.width, height: flow.height)
    flowMisfit = NeighbourView.misfit(luma, other, tolerance) { flow.vectors[$0] }
    guard Double(flowMisfit.count { $0 < 1 }) >= NeighbourView.leastExplained * Double(flowMisfit.count) else {
      return nil
    }
    let camera = camera
    cameraMisfit = NeighbourView.misfit(luma, other, tolerance) { camera.vectors[$0] }
  }

  /// A pixel's motion beyond the camera's.
  func own(_ pixel: Int) -> SIMD2<Float> { flow.vectors[pixel] - camera.vectors[pixel] }

  /// Lowers each pixel's misfits to those with this neighbour where they are less: `camera` to that of the camera's motion,
  /// `own` to that of `motion` beyond it, and to the flow's where it goes with `motion`.
  func lower(
    _ camera: inout [Float], _ own: inout [Float], motion: SIMD2<Float>, _ luma: Plane<UInt8>, _ tolerance: [Float]
  ) {
    var p = 0
    for y in 0..<luma.height {
      for x in 0..<luma.width {
        let (still, flowing) = (self.camera.vectors[p], flow.vectors[p])
        camera[p] = min(camera[p], cameraMisfit[p])
        let place = SIMD2(Float(x), Float(y)) + (still + motion)
        var least = min(own[p], NeighbourView.misfit(luma.samples[p], other, tolerance[p], at: place))
        if SceneMotion.goes(flowing - still, with: motion) { least = min(least, flowMisfit[p]) }
        own[p] = least
        p += 1
      }
    }
  }

  private static func misfit(
    _ luma: Plane<UInt8>, _ other: Plane<UInt8>, _ tolerance: [Float], along motion: (Int) -> SIMD2<Float>
  ) -> [Float] {
    var misfit = [Float](repeating: 0, count: tolerance.count)
    for y in 0..<luma.height {
      for x in 0..<luma.width {
        let p = y * luma.width + x
        let place = SIMD2(Float(x), Float(y)) + motion(p)
        misfit[p] = NeighbourView.misfit(luma.samples[p], other, tolerance[p], at: place)
      }
    }
    return misfit
  }

  @inline(__always)
  private static func misfit(
    _ level: UInt8, _ other: Plane<UInt8>, _ tolerance: Float, at place: SIMD2<Float>
  ) -> Float {
    // Beyond the neighbour's edge nothing is known.
    guard place.x >= 0, place.y >= 0, place.x <= Float(other.width - 1), place.y <= Float(other.height - 1) else {
      return 0
    }
    return min(limit, abs(Float(level) - other.bilinear(place.x, place.y)) / tolerance)
  }
}
