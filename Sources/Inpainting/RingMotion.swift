import Imaging
import Motion

/// The motion of what lies around each hole from a frame to the next, as one map of the plane: steadier over many frames
/// than a flow that is completed inwards.
enum RingMotion {
  /// What one hole's surroundings do from a frame to the next.
  struct Step: Sendable {
    let later: Homography
    /// Whether most of the surroundings follow the map.
    let isTrusted: Bool
  }

  static let margin = 8
  static let width = 24
  private static let trust: Float = 0.6

  /// The holes of a frame that are far from each other, with their surroundings.
  static func places(_ hole: Plane<UInt8>) -> [Region] {
    guard let box = hole.boundingBox else { return [] }
    let parts = hole.cropped(to: box).components().regions.map {
      Region(x: $0.x + box.x, y: $0.y + box.y, width: $0.width, height: $0.height)
    }
    return joined(parts, within: margin + width)
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

  /// - Parameters:
  ///   - hole: of both frames.
  ///   - grown: the hole's place in both.
  static func step(_ flow: TwoWayFlow, _ hole: Plane<UInt8>, around grown: Region) -> Step {
    let region = grown.intersection(flow.region)
    guard !region.isEmpty else { return Step(later: .identity, isTrusted: false) }
    let ignored = hole.cropped(to: region).spread(by: margin)
    let local = FlowField(
      width: region.width, height: region.height,
      vectors: (0..<region.area).map { flow[region.x + $0 % region.width, region.y + $0 / region.width].lowHalf })
    let fit = CameraMotion.estimate(flow: local, ignoring: ignored)
    let (x, y) = (Double(region.x), Double(region.y))
    let later = (Homography.translation(x, y) * fit.homography * .translation(-x, -y)).normalised
    return Step(later: later, isTrusted: later.inverse != nil && fit.inlierShare >= trust)
  }
}
