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
    let registration = RingRegistration(course, pictures: pictures, holes: holes)
    guard let registered = registration.maps(threads: threads) else { return nil }
    fromReference = registered.map(\.map)
    toReference = registered.map { $0.map.inverse ?? .identity }
  }
}
