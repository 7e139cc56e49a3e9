import Imaging
import Motion

/// One hole's way through a window.
struct HoleCourse: Sendable {
  /// The first frame.
  let start: Int
  /// The hole and its surroundings, frame by frame.
  var places: [Region]
  /// Between the frames, one fewer.
  var steps: [RingMotion.Step]

  var reference: Int { start + places.count / 2 }

  /// The ways of all holes of a window.
  static func all(_ flows: [TwoWayFlow], holes: [Plane<UInt8>], threads: Int) -> [HoleCourse] {
    var courses = linked(inParallel(holes.count, threads: threads) { RingMotion.places(holes[$0]) })
    let steps = courses.indices.flatMap { course in (1..<courses[course].places.count).map { (course, $0) } }
    let measured = inParallel(steps.count, threads: threads) { [courses] position in
      let (course, step) = (courses[steps[position].0], steps[position].1)
      let index = course.start + step
      return RingMotion.step(
        flows[index - 1], holes[index - 1].united(with: holes[index]),
        around: course.places[step - 1].union(course.places[step]))
    }
    for (position, step) in measured.enumerated() { courses[steps[position].0].steps.append(step) }
    return courses
  }

  /// Joins the holes of each frame to those of the frame before that they overlap most.
  private static func linked(_ places: [[Region]]) -> [HoleCourse] {
    var done: [HoleCourse] = []
    var open: [HoleCourse] = []
    for index in places.indices {
      var free = places[index]
      var next: [HoleCourse] = []
      for course in open {
        let last = course.places[course.places.count - 1]
        let overlaps = free.map { $0.intersection(last).area }
        guard let most = overlaps.max(), most > 0, let chosen = overlaps.firstIndex(of: most) else {
          done.append(course)
          continue
        }
        next.append(HoleCourse(start: course.start, places: course.places + [free.remove(at: chosen)], steps: []))
      }
      open = next + free.map { HoleCourse(start: index, places: [$0], steps: []) }
    }
    return done + open
  }

  /// Pixels a frame by which the steps' sum may drift.
  private static let drift = 0.1

  /// Whether the hole keeps to its surroundings, as far as the sum of the steps tells.
  var staysClose: Bool {
    var (slip, least, most) = (SIMD2<Double>.zero, SIMD2<Double>.zero, SIMD2<Double>.zero)
    for (index, step) in steps.enumerated() {
      slip += HoleCourse.middle(places[index + 1]) - step.later.apply(HoleCourse.middle(places[index]))
      least = pointwiseMin(least, slip)
      most = pointwiseMax(most, slip)
    }
    let size = places.reduce(SIMD2<Double>.zero) { pointwiseMax($0, SIMD2(Double($1.width), Double($1.height))) }
    let own = size - Double(2 * (RingMotion.margin + RingMotion.width))
    let limit = own * 0.5 + 8 + HoleCourse.drift * Double(steps.count)
    let range = most - least
    return range.x <= limit.x && range.y <= limit.y
  }

  private static func middle(_ place: Region) -> SIMD2<Double> {
    SIMD2(Double(place.x) + Double(place.width - 1) / 2, Double(place.y) + Double(place.height - 1) / 2)
  }
}
