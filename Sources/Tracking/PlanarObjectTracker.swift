import Imaging
import Motion

/// Follows flat things (logos, plates, signs), each by one map of the plane from the frame where it was marked.
///
/// Masks and corners are carried exactly and never drift; what covers a part is left out of the mask; a target that is
/// lost is searched for. A correction is the new template of the objects that it shows.
///
/// A value: copying it forks the track. Results do not depend on `threads`.
public struct PlanarObjectTracker: Tracker {
  private struct Target: Sendable {
    let label: UInt8
    var tracker: PlanarTracker
    /// On the frame where it was marked.
    var corners: [SIMD2<Double>]
  }

  private let threads: Int
  private var size: SIMD2<Int>?
  private var targets: [Target] = []

  public init(threads: Int = 1) { self.threads = max(1, threads) }

  /// - Throws: also `TrackingError.nothingToFollow` for a marked object that is too small or plain.
  public mutating func step(_ frame: RGBImage, correction: Mask?) throws -> TrackedMask {
    try check(frame, correction)
    size = SIMD2(frame.width, frame.height)
    let matches = targets.indices.map { targets[$0].tracker.step(frame) }
    guard let correction else { return composed(matches, frame) }
    for label in correction.objects { try take(label, of: correction, frame) }
    return TrackedMask(
      mask: correction, confidence: Dictionary(uniqueKeysWithValues: targets.map { ($0.label, 1) }),
      corners: Dictionary(
        uniqueKeysWithValues: targets.filter { correction.objects.contains($0.label) }
          .map { ($0.label, $0.corners.map { SIMD2<Float>($0) }) }))
  }

  public mutating func cut() { for k in targets.indices { targets[k].tracker.cut() } }

  /// Costs as much as a step: where a target lies is not told by its mask.
  public mutating func replay(_ frame: RGBImage, correction: Mask?, tracked: TrackedMask) throws {
    _ = try step(frame, correction: correction)
  }

  private mutating func take(_ label: UInt8, of correction: Mask, _ frame: RGBImage) throws(TrackingError) {
    let coverage = correction.coverage(of: label)
    guard let tracker = try? PlanarTracker(image: frame, mask: coverage, threads: threads),
      let corners = MaskQuad.corners(of: coverage)
    else {
      throw TrackingError(.nothingToFollow, "Object \(label) is too small to be followed as something flat.")
    }
    targets.removeAll { $0.label == label }
    targets.append(Target(label: label, tracker: tracker, corners: corners))
    targets.sort { $0.label < $1.label }
  }

  /// Each pixel goes to the target that covers most of it, if that is half of it.
  private func composed(_ matches: [PlanarMatch], _ frame: RGBImage) -> TrackedMask {
    var mask = Mask(width: frame.width, height: frame.height)
    var most = Plane<UInt8>(width: frame.width, height: frame.height, repeating: 127)
    var confidence: [UInt8: Float] = [:]
    var corners: [UInt8: [SIMD2<Float>]] = [:]
    for (target, match) in zip(targets, matches) {
      confidence[target.label] = Self.confidence(match)
      if match.isLost { continue }
      corners[target.label] = target.corners.map { SIMD2<Float>(match.homography.apply($0)) }
      guard let box = match.mask.boundingBox else { continue }
      for y in box.y..<box.maxY {
        for x in box.x..<box.maxX where match.mask[x, y] > most[x, y] {
          most[x, y] = match.mask[x, y]
          mask.labels[x, y] = target.label
        }
      }
    }
    return TrackedMask(mask: mask, confidence: confidence, corners: corners)
  }

  /// 1 for a perfect match; a half for the least correlation that is believed; less where little is in sight.
  private static func confidence(_ match: PlanarMatch) -> Float {
    match.isLost ? 0 : max(0, min(1, (match.ncc - 0.4) / 0.6)) * min(1, 0.5 + match.visibleShare)
  }

  private func check(_ frame: RGBImage, _ correction: Mask?) throws(TrackingError) {
    if let correction, correction.width != frame.width || correction.height != frame.height {
      throw .sizes(correction.width, correction.height, frame)
    }
    guard let size else {
      guard let correction, !correction.isEmpty else { throw .missingMask }
      return
    }
    guard frame.width == size.x, frame.height == size.y else { throw .sizes(of: frame, after: size.x, size.y) }
  }
}
