import Imaging
import Motion

extension WindowMotion {
  /// Measures flow between neighbouring frames and completes it inside the holes.
  init(_ window: InpaintingWindow, options: InpaintingOptions, threads: Int, cancellation: Cancellation) throws {
    let holes = window.holes
    known = inParallel(holes.count, threads: threads) { holes[$0].map { $0 == 0 ? 255 : 0 } }
    usable = inParallel(holes.count, threads: threads) { holes[$0].spread(by: 2).map { $0 == 0 ? 255 : 0 } }
    reach = options.reach
    let measured = try WindowMotion.measure(window, options: options, threads: threads, cancellation: cancellation)
    let steps = WindowMotion.cameraSteps(measured, holes: holes, threads: threads)
    fromFirst = steps.reduce(into: [.identity]) { path, step in path.append((step * path[path.count - 1]).normalised) }
    toFirst = fromFirst.map { ($0.inverse ?? .identity).normalised }
    let camera = measured.indices.map { index in
      CameraStep(
        later: index < steps.count ? steps[index] : nil, earlier: index > 0 ? steps[index - 1].inverse : nil)
    }
    let hypotheses = try WindowMotion.complete(
      measured, holes: holes, camera: camera, options: options, threads: threads, cancellation: cancellation)
    self.hypotheses = hypotheses
    let each = inParallel(measured.count, threads: threads) { index in
      let field = camera[index].field(measured[index].cells)
      return hypotheses.map { ChainHazards($0[index], measured: measured[index], camera: field, options: options) }
    }
    hazards = hypotheses.indices.map { hypothesis in each.map { $0[hypothesis] } }
    riding =
      options.tellsRidingHoles
      ? HoleCourse.all(measured, holes: holes, threads: threads).compactMap {
        RidingHole($0, pictures: window.frames, holes: holes, threads: threads)
      } : []
    gains =
      options.compensatesExposure
      ? ExposureDrift.gains(pictures: window.frames, flows: hypotheses[0], known: known, threads: threads)
      : [SIMD4<Float>](repeating: SIMD4(repeating: 1), count: holes.count)
  }

  /// Where each frame's flow is kept: around the holes of the frame and its neighbours, or around all the window's where
  /// those are empty.
  private static func regions(_ holes: [Plane<UInt8>], margin: Int) -> [Region] {
    let boxes = holes.map { $0.boundingBox ?? Region(x: 0, y: 0, width: 0, height: 0) }
    let all = boxes.reduce(Region(x: 0, y: 0, width: 0, height: 0)) { $0.union($1) }
    return holes.indices.map { index in
      var box = boxes[index]
      if index > 0 { box = box.union(boxes[index - 1]) }
      if index + 1 < boxes.count { box = box.union(boxes[index + 1]) }
      return (box.isEmpty ? all : box).grown(by: margin).intersection(holes[index].bounds)
    }
  }

  private static func measure(
    _ window: InpaintingWindow, options: InpaintingOptions, threads: Int, cancellation: Cancellation
  ) throws -> [TwoWayFlow] {
    let size = window.frames[0].bounds
    let margin = options.flowMargin + max(surroundings, max(size.width, size.height) / 24)
    let regions = regions(window.holes, margin: margin)
    // From each frame to the next, and back from the next.
    let pairs = inParallel(window.frames.count - 1, threads: threads) { index -> [TwoWayFlow] in
      if cancellation.isCancelled { return [] }
      var flows = [TwoWayFlow(region: regions[index]), TwoWayFlow(region: regions[index + 1])]
      let region = flows[0].region.union(flows[1].region)
      // Chains are long where the hole hardly moves: there the last of the motion's detail tells.
      let engine = OpticalFlow(.medium, isPolished: window.holes[index].isNearly(window.holes[index + 1]))
      let pyramids = (index...index + 1).map {
        engine.pyramid(window.frames[$0].cropped(to: region).luma, ignoring: window.holes[$0].cropped(to: region))
      }
      let (there, back) = engine.flowBothWays(pyramids[0], pyramids[1])
      flows[0].set(.later, to: there, at: region)
      flows[1].set(.earlier, to: back, at: region)
      return flows
    }
    try cancellation.check()
    return regions.indices.map { index in
      guard index > 0 else { return pairs.first?[0] ?? TwoWayFlow(region: regions[index]) }
      guard index < pairs.count else { return pairs[index - 1][1] }
      return pairs[index][0].joined(with: pairs[index - 1][1])
    }
  }

  /// Pixels around the hole, beyond the margin, whose flow is measured; a 24th of the picture where that is more.
  private static let surroundings = 40

  /// The camera's motion from each frame to the next; identity where none was found.
  private static func cameraSteps(_ flows: [TwoWayFlow], holes: [Plane<UInt8>], threads: Int) -> [Homography] {
    inParallel(max(0, flows.count - 1), threads: threads) { index in
      let region = flows[index].region
      let hole = holes[index].united(with: holes[index + 1]).cropped(to: region).spread(by: 8)
      let local = CameraMotion.estimate(flow: flows[index].field(.later), ignoring: hole).homography
      let (x, y) = (Double(region.x), Double(region.y))
      return (.translation(x, y) * local * .translation(-x, -y)).normalised
    }
  }

  private static func complete(
    _ measured: [TwoWayFlow], holes: [Plane<UInt8>], camera: [CameraStep], options: InpaintingOptions, threads: Int,
    cancellation: Cancellation
  ) throws -> [[TwoWayFlow]] {
    let sought = inParallel(measured.count, threads: threads) { index in
      var near = holes[index]
      if index > 0 { near = near.united(with: holes[index - 1]) }
      if index + 1 < holes.count { near = near.united(with: holes[index + 1]) }
      return near.spread(by: options.flowMargin).cropped(to: measured[index].region).squares(of: TwoWayFlow.step)
    }
    let doubtful = inParallel(measured.count, threads: threads) { inconsistency(measured, at: $0) }
    try cancellation.check()
    let each = inParallel(measured.count, threads: threads) { index -> [TwoWayFlow] in
      if cancellation.isCancelled { return [] }
      let completion = FlowCompletion(
        measured: measured[index], sought: sought[index], doubtful: doubtful[index])
      let smooth = completion.smooth()
      guard options.usesCameraHypothesis else { return [smooth] }
      return [smooth, completion.following(camera[index], layered: false)]
    }
    try cancellation.check()
    var flows = (each.first ?? []).indices.map { hypothesis in each.map { $0[hypothesis] } }
    if options.usesPersistentHypothesis {
      let persistence = FlowPersistence(measured: measured, sought: sought, doubtful: doubtful, camera: camera)
      let sides = inParallel(2, threads: threads) { persistence.carry($0 == 0 ? .later : .earlier) }
      flows.append(
        inParallel(measured.count, threads: threads) { persistence.flow(at: $0, sides[0][$0], sides[1][$0]) })
    }
    return flows
  }

  /// Not 0 at cells from which the flow to a neighbouring frame and back ends elsewhere.
  private static func inconsistency(_ flows: [TwoWayFlow], at index: Int) -> Plane<UInt8> {
    let cells = flows[index].cells
    var out = Plane<UInt8>(width: cells.width, height: cells.height, repeating: 0)
    for direction in ChainDirection.allCases where flows.indices.contains(index + direction.step) {
      let other = flows[index + direction.step]
      for y in cells.y..<cells.maxY {
        for x in cells.x..<cells.maxX {
          let place = (y - cells.y) * cells.width + x - cells.x
          let vector = flows[index].vectors[place]
          let step = direction == .later ? vector.lowHalf : vector.highHalf
          let (column, row) = TwoWayFlow.cell(at: TwoWayFlow.middle(x, y) + step)
          guard other.cells.contains(x: column, y: row) else { continue }
          let back = other.vectors[(row - other.cells.y) * other.cells.width + column - other.cells.x]
          let gap = step + (direction == .later ? back.highHalf : back.lowHalf)
          if (gap * gap).sum() > 1 + 0.01 * (step * step).sum() { out.samples[place] = 255 }
        }
      }
    }
    return out
  }
}
