import Imaging
import Motion
import VideoIO

/// Tells whether all that is marked is flat (a plate, a logo, a sign), so that maps of the plane follow it best.
struct FlatObjects {
  let clip: Clip
  let shots: [ClosedRange<Int>]

  /// Frames beside a mark that are looked at, and the fewest that make it sure.
  private static let reach = 12
  private static let least = 4

  /// Every object must be flat where it is first marked; where it is marked again it must only be there to follow.
  func areAll(in anchors: [Int: Anchor]) throws -> Bool {
    var known: Set<UInt8> = []
    for (frame, anchor) in anchors.sorted(by: { $0.key < $1.key }) where !anchor.mask.isEmpty {
      let image = try clip.image(frame)
      for object in anchor.mask.objects {
        let mask = anchor.mask.coverage(of: object)
        if known.insert(object).inserted {
          guard try isFlat(mask, image, frame) else { return false }
        } else {
          guard (try? PlanarTracker(image: image, mask: mask, threads: 1)) != nil else { return false }
        }
      }
    }
    return !known.isEmpty
  }

  private func isFlat(_ mask: Plane<UInt8>, _ image: RGBImage, _ frame: Int) throws -> Bool {
    guard let shot = shots.first(where: { $0.contains(frame) }) else { return false }
    let after = Array(frame...min(shot.upperBound, frame + Self.reach)).dropFirst()
    let before = Array(max(shot.lowerBound, frame - Self.reach)...frame).reversed().dropFirst()
    let looked = after.count >= before.count ? Array(after) : Array(before)
    guard looked.count >= Self.least else { return false }
    var frames = looked.makeIterator()
    return try PlanarTracker.looksPlanar(mask, in: image) { try frames.next().map { try clip.image($0) } }
  }
}
