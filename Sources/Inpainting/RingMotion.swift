import Imaging
import Motion

/// The motion of what lies around each hole, frame by frame, as one map of the plane for each: steadier over many frames
/// than a flow that is completed inwards.
struct RingMotion: Sendable {
  /// What one hole's surroundings do from a frame to the next.
  struct Step: Sendable {
    /// Around the hole in both frames.
    let region: Region
    let later: Homography
    let earlier: Homography
    /// Whether most of the surroundings follow the map.
    let isTrusted: Bool
  }

  /// For each frame but the last the holes that are far from each other.
  private let steps: [[Step]]
  /// How far outside the hole a pixel lies: 0 near it, 1 clear of it, 2 far.
  private let outside: [Plane<UInt8>]

  private static let margin = 8
  private static let width = 24
  private static let trust: Float = 0.6
  /// Pixels from the hole that are clear of it, and that are far: masks tremble by a few, and motion drifts.
  private static let clear = 4
  private static let far = 8

  init(_ flows: [TwoWayFlow], holes: [Plane<UInt8>], threads: Int) {
    outside = inParallel(holes.count, threads: threads) { index in
      var plane = holes[index].spread(by: RingMotion.clear).map { $0 == 0 ? UInt8(2) : 0 }
      let near = holes[index].spread(by: RingMotion.far)
      for pixel in plane.samples.indices where near.samples[pixel] != 0 { plane.samples[pixel] /= 2 }
      return plane
    }
    steps = inParallel(max(0, holes.count - 1), threads: threads) { index in
      RingMotion.steps(flows[index], holes[index].united(with: holes[index + 1]))
    }
  }

  private static func steps(_ flow: TwoWayFlow, _ hole: Plane<UInt8>) -> [Step] {
    guard let box = hole.boundingBox else { return [] }
    let parts = hole.cropped(to: box).components().regions.map {
      Region(x: $0.x + box.x, y: $0.y + box.y, width: $0.width, height: $0.height)
    }
    return joined(parts, within: margin + width).map { step(flow, hole, around: $0) }
  }

  private static func joined(_ regions: [Region], within distance: Int) -> [Region] {
    var out: [Region] = []
    for region in regions {
      var whole = region.grown(by: distance)
      while let near = out.firstIndex(where: { !$0.intersection(whole).isEmpty }) {
        whole = whole.union(out.remove(at: near))
      }
      out.append(whole)
    }
    return out
  }

  private static func step(_ flow: TwoWayFlow, _ hole: Plane<UInt8>, around grown: Region) -> Step {
    let region = grown.intersection(flow.region)
    let nothing = Step(region: grown, later: .identity, earlier: .identity, isTrusted: false)
    guard !region.isEmpty else { return nothing }
    let ignored = hole.cropped(to: region).spread(by: margin)
    let local = FlowField(
      width: region.width, height: region.height,
      vectors: (0..<region.area).map { flow[region.x + $0 % region.width, region.y + $0 / region.width].lowHalf })
    let fit = CameraMotion.estimate(flow: local, ignoring: ignored)
    let (x, y) = (Double(region.x), Double(region.y))
    let later = (Homography.translation(x, y) * fit.homography * .translation(-x, -y)).normalised
    guard let earlier = later.inverse else { return nothing }
    return Step(region: grown, later: later, earlier: earlier.normalised, isTrusted: fit.inlierShare >= trust)
  }

  /// What becomes of places of a frame.
  struct Trails: Sendable {
    /// How far out of the hole the place comes in one of the frames: 0 not, 1 clear of it, 2 far.
    var outside: [UInt8]
    /// Whether the motion is to be relied on.
    var isTrusted: [Bool]
  }

  func trails(of places: [SIMD2<Float>], from frame: Int, reach: Int) -> Trails {
    let frames = max(0, frame - reach)..<min(outside.count, frame + reach + 1)
    var trails = Trails(outside: [UInt8](repeating: 0, count: places.count), isTrusted: [])
    var trusted = [Int](repeating: 0, count: places.count)
    for direction in ChainDirection.allCases {
      var current = places
      var next = frame + direction.step
      while frames.contains(next) {
        for index in current.indices {
          let (place, isTrusted) = follow(current[index], to: next, direction)
          current[index] = place
          if isTrusted { trusted[index] += 1 }
          trails.outside[index] = max(trails.outside[index], outside(place, in: next))
        }
        next += direction.step
      }
    }
    trails.isTrusted = trusted.map { frames.count > 1 && $0 * 5 >= 4 * (frames.count - 1) }
    return trails
  }

  /// Where a place next to `frame` goes in it.
  func follow(_ place: SIMD2<Float>, to frame: Int, _ direction: ChainDirection) -> (SIMD2<Float>, isTrusted: Bool) {
    let steps = steps[direction == .later ? frame - 1 : frame]
    let (x, y) = (Int(place.x.rounded()), Int(place.y.rounded()))
    guard let step = steps.first(where: { $0.region.contains(x: x, y: y) }) else { return (place, true) }
    return (direction == .later ? step.later(place) : step.earlier(place), step.isTrusted)
  }

  /// Where a place of `frame` goes in the frame `key`.
  func follow(_ place: SIMD2<Float>, from frame: Int, to key: Int) -> SIMD2<Float> {
    let direction: ChainDirection = key > frame ? .later : .earlier
    var place = place
    for step in stride(from: frame, to: key, by: direction.step) {
      place = follow(place, to: step + direction.step, direction).0
    }
    return place
  }

  private func outside(_ place: SIMD2<Float>, in frame: Int) -> UInt8 {
    let plane = outside[frame]
    let (x, y) = (Int(place.x.rounded()), Int(place.y.rounded()))
    return plane.bounds.contains(x: x, y: y) ? plane[x, y] : 0
  }
}
