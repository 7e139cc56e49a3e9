import Imaging
import Motion

/// Lays the surroundings of a hole in each frame on those in the reference frame, each frame for itself: nothing adds up,
/// however long the window.
struct RingRegistration {
  struct Place: Sendable {
    /// From the reference frame.
    var map: Homography
    var isTrusted: Bool
  }

  private let course: HoleCourse
  private let pictures: [RGBImage]
  private let holes: [Plane<UInt8>]

  private static let leastCorrelation: Float = 0.75
  /// Share of the surroundings that match, below which a nearer reference is taken, and below which there is no match.
  private static let ampleShare: Float = 0.7
  private static let leastShare: Float = 0.4
  /// Pixels by which a match may depart from what the flow says.
  private static let surprise = 3.0

  init(_ course: HoleCourse, pictures: [RGBImage], holes: [Plane<UInt8>]) {
    (self.course, self.pictures, self.holes) = (course, pictures, holes)
  }

  /// For each frame of the course; nil where the hole does not ride on its surroundings, told as soon as it is certain.
  func maps(threads: Int) -> [Place]? {
    let middle = course.reference - course.start
    let start = HoleEscape(course, holes: holes)
    let sides = inParallel(2, threads: threads) { side -> (places: [Place], escape: HoleEscape) in
      var escape = start
      let last = side == 0 ? 0 : course.places.count - 1
      return (walk(from: middle, through: last, by: side == 0 ? -1 : 1, watching: &escape), escape)
    }
    var escape = sides[0].escape
    escape.join(sides[1].escape)
    if escape.isCertain { return nil }
    return sides[0].places.reversed() + [Place(map: .identity, isTrusted: true)] + sides[1].places
  }

  private func walk(from middle: Int, through last: Int, by step: Int, watching escape: inout HoleEscape) -> [Place] {
    var out: [Place] = []
    var (base, toBase) = (template(at: middle), Homography.identity)
    var (map, isLost) = (Homography.identity, false)
    var index = middle
    while index != last, !escape.isCertain {
      let next = index + step
      let guess = isLost ? nil : predicted(from: index, to: next)
      isLost = guess == nil
      var found: Homography?
      if let guess {
        let expected = (guess.map * map).normalised
        found = fit(base, next, by: expected, after: toBase, RingRegistration.ampleShare)
        if found == nil {
          // What the reference shows has changed too much: go on from the frame before.
          let nearer = template(at: index)
          found = fit(nearer, next, by: expected, after: map, RingRegistration.leastShare)
          if found != nil { (base, toBase) = (nearer, map) }
        }
        map = found ?? expected
      }
      out.append(Place(map: map, isTrusted: found != nil || guess?.isTrusted == true))
      escape.look(at: next, out[out.count - 1])
      index = next
    }
    return out
  }

  /// What the flow says, without the tilt that it cannot tell over a place so small.
  private func predicted(from index: Int, to next: Int) -> (map: Homography, isTrusted: Bool)? {
    let step = course.steps[min(index, next)]
    guard let map = next > index ? step.later : step.later.inverse else { return nil }
    let corners = RingRegistration.corners(of: course.places[index])
    guard let affine = Homography.fit(.affine, from: corners, to: corners.map(map.apply)) else { return nil }
    return (affine, step.isTrusted)
  }

  private static func corners(of place: Region) -> [SIMD2<Double>] {
    [(place.x, place.y), (place.maxX, place.y), (place.x, place.maxY), (place.maxX, place.maxY)].map {
      SIMD2(Double($0.0), Double($0.1))
    }
  }

  /// The map from the reference to a frame by way of `base`, which lies at `toBase` from the reference.
  private func fit(
    _ base: PlanarRegistration?, _ index: Int, by expected: Homography, after toBase: Homography, _ share: Float
  ) -> Homography? {
    guard let base, let back = toBase.inverse,
      let fit = base.fit(pictures[course.start + index], near: expected * back),
      fit.ncc >= RingRegistration.leastCorrelation, fit.visibleShare >= share
    else { return nil }
    let map = (fit.homography * toBase).normalised
    guard let home = expected.inverse else { return nil }
    for corner in RingRegistration.corners(of: course.places[index]) {
      let d = map.apply(home.apply(corner)) - corner
      if (d * d).sum() > RingRegistration.surprise * RingRegistration.surprise { return nil }
    }
    return map
  }

  private func template(at index: Int) -> PlanarRegistration? {
    let frame = course.start + index
    let region = course.places[index].intersection(pictures[frame].bounds)
    guard !region.isEmpty else { return nil }
    let hole = holes[frame].cropped(to: region)
    let (near, wide) = (hole.spread(by: RingMotion.margin), hole.spread(by: RingMotion.margin + RingMotion.width))
    var mask = Plane<UInt8>(width: pictures[frame].width, height: pictures[frame].height, repeating: 0)
    for y in 0..<region.height {
      for x in 0..<region.width where wide[x, y] != 0 && near[x, y] == 0 { mask[x + region.x, y + region.y] = 255 }
    }
    return PlanarRegistration(pictures[frame], mask: mask)
  }
}
