import Imaging
import Motion

/// The mask carried by optical flow alone.
enum FlowWarp {
  static func track(_ clip: Clip) -> [Mask] {
    let flow = OpticalFlow(.medium)
    var masks = [clip.truth[0]!]
    var before = flow.pyramid(clip.frames[0].luma)
    for frame in clip.frames.dropFirst() {
      let now = flow.pyramid(frame.luma)
      masks.append(carry(masks.last!, flow.flow(from: now, to: before)))
      before = now
    }
    return masks
  }

  private static func carry(_ mask: Mask, _ field: FlowField) -> Mask {
    var out = Mask(width: mask.width, height: mask.height)
    for y in 0..<mask.height {
      for x in 0..<mask.width {
        let u = field[x, y]
        let px = Int((Float(x) + u.x).rounded())
        let py = Int((Float(y) + u.y).rounded())
        if px >= 0, py >= 0, px < mask.width, py < mask.height { out.labels[x, y] = mask.labels[px, py] }
      }
    }
    return out
  }
}
