import Imaging
import Motion

extension WindowMotion {
  /// Measures flow between neighbouring frames and completes it inside the holes.
  init(_ window: InpaintingWindow, options: InpaintingOptions, threads: Int, cancellation: Cancellation) throws {
    let holes = window.holes
    known = holes.map { hole in hole.map { $0 == 0 ? 255 : 0 } }
    usable = holes.map { hole in hole.spread(by: 2).map { $0 == 0 ? 255 : 0 } }
    reach = options.reach
    let measured = try WindowMotion.measure(window, threads: threads, cancellation: cancellation)
    let steps = WindowMotion.cameraSteps(measured, holes: holes)
    var fromFirst = [Homography.identity]
    var toFirst = [Homography.identity]
    for step in steps {
      fromFirst.append((step * fromFirst[fromFirst.count - 1]).normalised)
      toFirst.append((fromFirst[fromFirst.count - 1].inverse ?? .identity).normalised)
    }
    self.fromFirst = fromFirst
    self.toFirst = toFirst
    hypotheses = try WindowMotion.complete(
      measured, holes: holes, steps: steps, options: options, threads: threads, cancellation: cancellation)
    gains =
      options.compensatesExposure
      ? ExposureDrift.gains(pictures: window.frames, flows: hypotheses[0], known: known, threads: threads)
      : [SIMD4<Float>](repeating: SIMD4(repeating: 1), count: holes.count)
  }

  private static func measure(_ window: InpaintingWindow, threads: Int, cancellation: Cancellation) throws
    -> [TwoWayFlow]
  {
    let engine = OpticalFlow(.medium)
    let count = window.frames.count
    let pyramids = inParallel(count, threads: threads) { index in
      engine.pyramid(window.frames[index].luma, ignoring: window.holes[index])
    }
    try cancellation.check()
    let size = window.frames[0].bounds
    return inParallel(count, threads: threads) { index in
      var flow = TwoWayFlow(width: size.width, height: size.height)
      if cancellation.isCancelled { return flow }
      if index + 1 < count {
        flow.set(.later, to: engine.flow(from: pyramids[index], to: pyramids[index + 1]), at: size)
      }
      if index > 0 { flow.set(.earlier, to: engine.flow(from: pyramids[index], to: pyramids[index - 1]), at: size) }
      return flow
    }
  }

  /// The camera's motion from each frame to the next; identity where none was found.
  private static func cameraSteps(_ flows: [TwoWayFlow], holes: [Plane<UInt8>]) -> [Homography] {
    flows.indices.dropLast().map { index in
      let field = FlowField(
        width: flows[index].width, height: flows[index].height, vectors: flows[index].vectors.map { $0.lowHalf })
      return CameraMotion.estimate(flow: field, ignoring: holes[index].united(with: holes[index + 1]).spread(by: 8))
        .homography
    }
  }

  private static func complete(
    _ measured: [TwoWayFlow], holes: [Plane<UInt8>], steps: [Homography], options: InpaintingOptions, threads: Int,
    cancellation: Cancellation
  ) throws -> [[TwoWayFlow]] {
    let sought = inParallel(measured.count, threads: threads) { index in
      var near = holes[index]
      if index > 0 { near = near.united(with: holes[index - 1]) }
      if index + 1 < holes.count { near = near.united(with: holes[index + 1]) }
      return near.spread(by: options.flowMargin)
    }
    let doubtful = inParallel(measured.count, threads: threads) { inconsistency(measured, at: $0) }
    let camera = measured.indices.map { index in
      CameraStep(
        later: index < steps.count ? steps[index] : nil, earlier: index > 0 ? steps[index - 1].inverse : nil)
    }
    try cancellation.check()
    let each = inParallel(measured.count, threads: threads) { index -> [TwoWayFlow] in
      if cancellation.isCancelled { return [] }
      let completion = FlowCompletion(
        measured: measured[index], sought: sought[index], doubtful: doubtful[index])
      let smooth = completion.smooth()
      guard options.usesCameraHypothesis else { return [smooth] }
      let field = FlowCompletion.cameraFlow(camera[index], width: smooth.width, height: smooth.height)
      let background = completion.following(field, layered: false)
      return options.usesLayers
        ? [smooth, background, completion.following(field, layered: true)] : [smooth, background]
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

  /// Not 0 where the flow to a neighbouring frame and back ends elsewhere.
  private static func inconsistency(_ flows: [TwoWayFlow], at index: Int) -> Plane<UInt8> {
    let (width, height) = (flows[index].width, flows[index].height)
    var out = Plane<UInt8>(width: width, height: height, repeating: 0)
    for direction in ChainDirection.allCases {
      let other = index + direction.step
      guard flows.indices.contains(other) else { continue }
      for y in 0..<height {
        for x in 0..<width {
          let vector = flows[index].vectors[y * width + x]
          let step = direction == .later ? vector.lowHalf : vector.highHalf
          let column = Int((Float(x) + step.x).rounded())
          let row = Int((Float(y) + step.y).rounded())
          guard column >= 0, row >= 0, column < width, row < height else { continue }
          let back = flows[other].vectors[row * width + column]
          let gap = step + (direction == .later ? back.highHalf : back.lowHalf)
          if (gap * gap).sum() > 1 + 0.01 * (step * step).sum() { out.samples[y * width + x] = 255 }
        }
      }
    }
    return out
  }
}

/// The values of `body` for `0..<count`, computed on several threads.
func inParallel<Value: Sendable>(_ count: Int, threads: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
  var values = [Value?](repeating: nil, count: count)
  values.withUnsafeMutableBufferPointer { values in
    nonisolated(unsafe) let values = values
    Rows.concurrently(count, threads: threads, minimumBand: 1) { band in
      for index in band { values[index] = body(index) }
    }
  }
  return values.map { $0! }
}
