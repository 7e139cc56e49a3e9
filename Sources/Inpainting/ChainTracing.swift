import CPixelKernels
import Imaging

/// Follows sites from frame to frame along a flow until they reach pixels that are seen.
struct ChainTracing {
  let flows: [TwoWayFlow]
  /// For each frame's flow; may be left out.
  var hazards: [ChainHazards] = []
  /// Not 0 where a frame's pixel may be borrowed.
  let usable: [Plane<UInt8>]
  let reach: Int

  /// Forward-backward gate: squared distance at most `base + slope * length²`.
  static let base: Float = 4
  static let slope: Float = 0.01
  /// Accumulated forward-backward distance at which a chain ends, in pixels.
  static let errorLimit: Float = 40
  /// Frames after the first source found at which a second one is taken.
  static let secondSource = 3

  /// Where a site came out.
  struct Exit {
    var site: Int32
    var ordinal: Int
    var frame: Int32
    var x: Float
    var y: Float
    var error: Float
    var steps: Int
    /// Whether it came on something that passes.
    var passes: Bool
  }

  /// Points on their way, structure of arrays for the kernel.
  private struct Travellers {
    var site: [Int32]
    var x: [Float]
    var y: [Float]
    var error: [Float]
    var alive: [UInt8]
    /// Steps since the first source was found, -1 before.
    var since: [Int8]
    /// Whether they began on something that passes.
    var passes: [Bool]

    init(_ sites: HoleSites) {
      site = (0..<sites.count).map { Int32(truncatingIfNeeded: $0) }
      x = site.map { sites.place(Int($0)).x }
      y = site.map { sites.place(Int($0)).y }
      error = [Float](repeating: 0, count: sites.count)
      alive = [UInt8](repeating: 1, count: sites.count)
      since = [Int8](repeating: -1, count: sites.count)
      passes = [Bool](repeating: false, count: sites.count)
    }
  }

  /// Traces `sites` of `frame` in one direction; calls `found` for each source, in a fixed order.
  func trace(_ sites: HoleSites, from frame: Int, _ direction: ChainDirection, found: (Exit) -> Void) {
    var points = Travellers(sites)
    var current = frame
    for step in 1...max(1, reach) {
      let next = current + direction.step
      guard flows.indices.contains(next), !points.site.isEmpty else { return }
      dropTaken(&points, at: current, isStart: step == 1, direction)
      advance(&points, from: current, to: next, direction)
      harvest(&points, at: next, step: step, found)
      current = next
    }
  }

  /// Follows `sites` of `frame` all the way to the frame `key`; calls `arrived` for those that stay on the way.
  func travel(
    _ sites: HoleSites, from frame: Int, to key: Int,
    arrived: (_ site: Int, _ x: Float, _ y: Float, _ error: Float) -> Void
  ) {
    guard frame != key, flows.indices.contains(frame), flows.indices.contains(key) else { return }
    let direction: ChainDirection = key > frame ? .later : .earlier
    var points = Travellers(sites)
    var current = frame
    while current != key {
      advance(&points, from: current, to: current + direction.step, direction)
      current += direction.step
    }
    for index in points.site.indices where points.alive[index] != 0 {
      arrived(Int(points.site[index]), points.x[index], points.y[index], points.error[index])
    }
  }

  /// nil where there are none.
  private func hazards(at frame: Int) -> ChainHazards? {
    frame < hazards.count && !hazards[frame].isEmpty ? hazards[frame] : nil
  }

  /// Ends chains that came over resting ground and would now be taken along by what passes.
  private func dropTaken(_ points: inout Travellers, at frame: Int, isStart: Bool, _ direction: ChainDirection) {
    guard let hazards = hazards(at: frame) else { return }
    for index in points.site.indices where hazards.passes(points.x[index], points.y[index], direction) {
      if isStart { points.passes[index] = true }
      if !points.passes[index] { points.alive[index] = 0 }
    }
  }

  private func advance(_ points: inout Travellers, from current: Int, to next: Int, _ direction: ChainDirection) {
    var box = cpk_fill_boxes(flows[current].cells, flows[next].cells, in: usable[next].bounds)
    let count = Int32(truncatingIfNeeded: points.site.count)
    flows[current].vectors.withUnsafeBytes { forth in
      flows[next].vectors.withUnsafeBytes { back in
        cpk_fill_kernels().pointee.advance(
          forth.baseAddress?.assumingMemoryBound(to: Float.self), back.baseAddress?.assumingMemoryBound(to: Float.self),
          Int32(direction.lane), &box, &points.x, &points.y, &points.error, &points.alive, count,
          ChainTracing.base, ChainTracing.slope, ChainTracing.errorLimit)
      }
    }
  }

  /// Reports the points that stand on usable pixels and drops those that are done.
  private func harvest(_ points: inout Travellers, at frame: Int, step: Int, _ found: (Exit) -> Void) {
    let mask = usable[frame]
    let hazards = hazards(at: frame)
    var kept = 0
    for index in points.site.indices where points.alive[index] != 0 {
      let (x, y) = (points.x[index], points.y[index])
      let column = min(mask.width - 1, Int(x + 0.5))
      let row = min(mask.height - 1, Int(y + 0.5))
      var since = points.since[index]
      if since >= 0 { since += 1 }
      let stands = mask.samples[row * mask.width + column] != 0 && hazards?.isOccluded(column, row) != true
      let isSecond = since >= ChainTracing.secondSource
      if stands, since < 0 || isSecond {
        found(
          Exit(
            site: points.site[index], ordinal: isSecond ? 1 : 0, frame: Int32(truncatingIfNeeded: frame), x: x, y: y,
            error: points.error[index], steps: step, passes: points.passes[index]))
        since = max(since, 0)
      }
      if (isSecond && stands) || since > 8 { continue }
      points.site[kept] = points.site[index]
      points.x[kept] = x
      points.y[kept] = y
      points.error[kept] = points.error[index]
      points.alive[kept] = 1
      points.since[kept] = since
      points.passes[kept] = points.passes[index]
      kept += 1
    }
    let surplus = points.site.count - kept
    points.site.removeLast(surplus)
    points.x.removeLast(surplus)
    points.y.removeLast(surplus)
    points.error.removeLast(surplus)
    points.alive.removeLast(surplus)
    points.since.removeLast(surplus)
    points.passes.removeLast(surplus)
  }
}

extension cpk_fill_boxes {
  fileprivate init(_ flow: Region, _ back: Region, in picture: Region) {
    func clipped(_ value: Int) -> Int32 { Int32(truncatingIfNeeded: value) }
    self.init(
      flow_x: clipped(flow.x), flow_y: clipped(flow.y), flow_width: clipped(flow.width),
      flow_height: clipped(flow.height), back_x: clipped(back.x), back_y: clipped(back.y),
      back_width: clipped(back.width), back_height: clipped(back.height), step: clipped(TwoWayFlow.step),
      width: clipped(picture.width), height: clipped(picture.height))
  }
}
