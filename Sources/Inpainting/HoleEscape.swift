import Imaging

/// How much of a hole comes out of it, as its surroundings are followed from frame to frame: a hole that rides on its
/// surroundings lets no more out than a mask that trembles.
struct HoleEscape: Sendable {
  private let course: HoleCourse
  private let holes: [Plane<UInt8>]
  private let points: [SIMD2<Float>]
  /// Frames in which each point is seen clear of the hole, and far from it.
  private var near: [Int]
  private var far: [Int]
  private var untrusted = 0

  /// Shares of a hole, in percent, that come clear of it, and far out of it, while it is merely its mask that trembles.
  private static let mostClear = 35
  private static let mostFar = 3
  /// Pixels from the hole that are clear of it; twice as many are far.
  private static let clear = 4
  /// One in so many frames that show a place, and one more, are not a mask that failed.
  private static let failing = 20
  /// One in so many frames may be without a match.
  private static let mostUntrusted = 5
  private static let cell = 4

  init(_ course: HoleCourse, holes: [Plane<UInt8>]) {
    (self.course, self.holes) = (course, holes)
    let hole = holes[course.reference]
    let region = course.places[course.reference - course.start].intersection(hole.bounds)
    var points: [SIMD2<Float>] = []
    for y in stride(from: region.y, to: region.maxY, by: HoleEscape.cell) {
      for x in stride(from: region.x, to: region.maxX, by: HoleEscape.cell) where hole[x, y] != 0 {
        points.append(SIMD2(Float(x), Float(y)))
      }
    }
    self.points = points
    near = [Int](repeating: 0, count: points.count)
    far = near
  }

  /// Whether what was seen so far is too much; more frames never take it back.
  var isCertain: Bool {
    let needed = 1 + course.places.count / HoleEscape.failing
    return untrusted * HoleEscape.mostUntrusted > course.places.count - 1
      || 100 * near.count { $0 >= needed } > HoleEscape.mostClear * points.count
      || 100 * far.count { $0 >= needed } > HoleEscape.mostFar * points.count
  }

  /// Looks for the points in a frame of the course, where `place` takes them.
  mutating func look(at index: Int, _ place: RingRegistration.Place) {
    guard place.isTrusted else {
      untrusted += 1
      return
    }
    let hole = holes[course.start + index]
    let region = course.places[index].intersection(hole.bounds)
    guard !region.isEmpty else { return }
    let part = hole.cropped(to: region)
    let (grown, wide) = (part.spread(by: HoleEscape.clear), part.spread(by: 2 * HoleEscape.clear))
    for (point, origin) in points.enumerated() {
      let end = place.map(origin)
      guard abs(end.x) < 1e6, abs(end.y) < 1e6 else { continue }
      let (x, y) = (Int(end.x.rounded()), Int(end.y.rounded()))
      guard hole.bounds.contains(x: x, y: y) else { continue }
      let isAround = region.contains(x: x, y: y)
      if !isAround || grown[x - region.x, y - region.y] == 0 { near[point] += 1 }
      if !isAround || wide[x - region.x, y - region.y] == 0 { far[point] += 1 }
    }
  }

  /// With what another saw in other frames of the same course.
  mutating func join(_ other: HoleEscape) {
    for point in points.indices {
      near[point] += other.near[point]
      far[point] += other.far[point]
    }
    untrusted += other.untrusted
  }
}
