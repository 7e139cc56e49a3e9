import Foundation
import Imaging

/// A made-up clip with the truth of each frame, as moving.py writes it: width, height, frames and 0 as 32 bit, then all frames as
/// RGB of 8 bit, then a label for each of their pixels.
struct MovingClip {
  let frames: [RGBImage]
  let truth: [Mask]

  init(path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let head = (0..<3).map { i in (0..<4).reduce(0) { $0 | Int(bytes[4 * i + $1]) << (8 * $1) } }
    let (width, height, count) = (head[0], head[1], head[2])
    let area = width * height
    frames = (0..<count).map { t in
      var image = RGBImage(width: width, height: height)
      for i in 0..<area {
        let at = 16 + 3 * (t * area + i)
        image.pixels[i] = SIMD4(UInt16(bytes[at]), UInt16(bytes[at + 1]), UInt16(bytes[at + 2]), 0) &* 256
      }
      return image
    }
    truth = (0..<count).map { t in
      let at = 16 + 3 * count * area + t * area
      return Mask(labels: Plane(width: width, height: height, samples: Array(bytes[at..<at + area])))
    }
  }
}
