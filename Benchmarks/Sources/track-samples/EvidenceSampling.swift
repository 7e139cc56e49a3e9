import Foundation
import Imaging

@testable import GridNetwork
@testable import Tracking

/// What the tracker knows of each object on each frame while it follows from the first one's truth, beside the truth.
enum EvidenceSampling {
  /// For each object and frame: width, height, frame and step as 32 bit, `EvidencePlane.cells` and the object's share of each cell as 16 bit floats.
  static func sample(_ clip: MovingClip) throws -> Data {
    var track = Track(clip.frames[0], options: TrackingOptions(workingArea: 1 << 20))
    var out = Data()
    for (t, frame) in clip.frames.enumerated() {
      let seen = Observation(frame, grid: track.grid, threads: 1)
      let carried = track.advance(seen)
      let tracked: TrackedMask
      if t == 0 {
        tracked = track.accept(clip.truth[0])
      } else {
        var windows = track.evidence(seen, carried)
        let claims = track.claims(&windows)
        for window in windows {
          let plane = EvidencePlane(window, seen, claims: claims, limit: Track.windowCells)
          append(plane, window, track.objects[window.index - 1].label, t, clip.truth[t], to: &out)
        }
        tracked = track.masks(by: windows, frame, seen, threads: 1)
      }
      track.absorb(seen, correction: t == 0 ? clip.truth[0] : nil, tracked: tracked)
    }
    return out
  }

  private static func append(
    _ plane: EvidencePlane, _ window: ObjectWindow, _ label: UInt8, _ t: Int, _ truth: Mask, to out: inout Data
  ) {
    let cells = plane.cells
    for value in [cells.width, cells.height, t, plane.step] {
      withUnsafeBytes(of: Int32(value).littleEndian) { out.append(contentsOf: $0) }
    }
    var shares = [Float](repeating: 0, count: cells.width * cells.height)
    for y in 0..<window.region.height {
      for x in 0..<window.region.width where truth.labels[window.region.x + x, window.region.y + y] == label {
        shares[y / plane.step * cells.width + x / plane.step] += 1 / Float(plane.step * plane.step)
      }
    }
    var values: [Float] = []
    for y in 0..<cells.height {
      for x in 0..<cells.width {
        let cell = cells.offset(x: x, y: y)
        values += cells.values[cell..<cell + cells.channels]
      }
    }
    for value in values + shares {
      withUnsafeBytes(of: Float16(value).bitPattern.littleEndian) { out.append(contentsOf: $0) }
    }
  }
}
