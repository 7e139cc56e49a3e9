import Imaging
import Motion

/// A hole that moves with its surroundings through a window (a plate on a car, print on a shirt, a mark before a camera
/// that rests): no frame shows what is there, and a chain that comes out of the hole has merely drifted.
struct RidingHole: Sendable {
  /// The frames that have the hole.
  let frames: Range<Int>
  /// The hole and its surroundings in each of them.
  let places: [Region]
  /// From the reference frame to each of them, and back.
  let fromReference: [Homography]
  let toReference: [Homography]

  /// Shares of a hole, in percent, that come clear of it, and far out of it, while it is merely its mask that trembles.
  private static let mostClear = 35
  private static let mostFar = 3
  /// Pixels from the hole that are clear of it; twice as many are far.
  private static let clear = 4
  /// One in so many frames that show a place, and one more, are not a mask that failed.
  private static let failing = 20
  private static let cell = 4

  func place(in frame: Int) -> Region? { frames.contains(frame) ? places[frame - frames.lowerBound] : nil }

  /// Where the hole's surroundings at `frame` lie in the frame `key`.
  func map(from frame: Int, to key: Int) -> Homography? {
    guard frames.contains(frame), frames.contains(key) else { return nil }
    return fromReference[key - frames.lowerBound] * toReference[frame - frames.lowerBound]
  }

  /// nil where the hole does not ride.
  init?(_ course: HoleCourse, pictures: [RGBImage], holes: [Plane<UInt8>], threads: Int) {
    guard course.places.count > 1, course.staysClose else { return nil }
    frames = course.start..<course.start + course.places.count
    places = course.places
    let registered = RingRegistration(course, pictures: pictures, holes: holes).maps(threads: threads)
    let trusted = registered.filter(\.isTrusted).count
    guard (trusted - 1) * 5 >= 4 * (frames.count - 1) else { return nil }
    fromReference = registered.map(\.map)
    toReference = registered.map { $0.map.inverse ?? .identity }
    guard stays(behind: holes, registered, reference: course.reference) else { return nil }
  }

  /// Whether no more of the hole comes out of it, in the frames that are trusted, than a mask that trembles lets out.
  private func stays(behind holes: [Plane<UInt8>], _ maps: [RingRegistration.Place], reference: Int) -> Bool {
    let points = points(in: holes[reference], reference)
    let clear = RidingHole.clear
    var (near, far) = ([Int](repeating: 0, count: points.count), [Int](repeating: 0, count: points.count))
    for (index, map) in maps.enumerated() where map.isTrusted {
      let hole = holes[frames.lowerBound + index]
      let place = places[index].intersection(hole.bounds)
      guard !place.isEmpty else { continue }
      let (grown, wide) = (hole.cropped(to: place).spread(by: clear), hole.cropped(to: place).spread(by: 2 * clear))
      for (point, origin) in points.enumerated() {
        let end = map.map(origin)
        guard abs(end.x) < 1e6, abs(end.y) < 1e6 else { continue }
        let (x, y) = (Int(end.x.rounded()), Int(end.y.rounded()))
        guard hole.bounds.contains(x: x, y: y) else { continue }
        let isAround = place.contains(x: x, y: y)
        if !isAround || grown[x - place.x, y - place.y] == 0 { near[point] += 1 }
        if !isAround || wide[x - place.x, y - place.y] == 0 { far[point] += 1 }
      }
    }
    let needed = 1 + frames.count / RidingHole.failing
    return 100 * near.count { $0 >= needed } <= RidingHole.mostClear * points.count
      && 100 * far.count { $0 >= needed } <= RidingHole.mostFar * points.count
  }

  private func points(in hole: Plane<UInt8>, _ reference: Int) -> [SIMD2<Float>] {
    let region = places[reference - frames.lowerBound].intersection(hole.bounds)
    var points: [SIMD2<Float>] = []
    for y in stride(from: region.y, to: region.maxY, by: RidingHole.cell) {
      for x in stride(from: region.x, to: region.maxX, by: RidingHole.cell) where hole[x, y] != 0 {
        points.append(SIMD2(Float(x), Float(y)))
      }
    }
    return points
  }
}
