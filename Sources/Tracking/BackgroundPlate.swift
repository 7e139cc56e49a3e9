import CPixelKernels
import Imaging
import Motion

/// The background as it was seen so far, carried along with the camera: where a cell shows it again, no object is.
///
/// It is learnt from cells outside all objects only, so that a mask that leaks does not confirm itself; where it was never
/// seen, or does not fit beside the objects, it says nothing.
struct BackgroundPlate: Sendable {
  private let width: Int
  private let height: Int
  /// Planes L, a, b.
  private var lab: [Float]
  /// Frames, up to `memory`, in which each cell was seen.
  private var seen: [Float]
  private static let memory: Float = 6

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    lab = [Float](repeating: 0, count: 3 * width * height)
    seen = [Float](repeating: 0, count: width * height)
  }

  /// Goes along with the camera.
  /// - Parameter camera: from the cells of this frame to those of the one before.
  mutating func move(by camera: Homography) {
    let cells = width * height
    var moved = [Float](repeating: 0, count: 3 * cells)
    var left = [Float](repeating: 0, count: cells)
    let m = camera.m.map { Float($0) }
    for y in 0..<height {
      for x in 0..<width {
        let (fx, fy) = (Float(x), Float(y))
        let w = 1 / (m[6] * fx + m[7] * fy + m[8])
        let (px, py) = ((m[0] * fx + m[1] * fy + m[2]) * w, (m[3] * fx + m[4] * fy + m[5]) * w)
        guard px >= 0, py >= 0, px < Float(width - 1), py < Float(height - 1) else { continue }
        let at = Int(py) &* width &+ Int(px)
        let (tx, ty) = (px - Float(Int(px)), py - Float(Int(py)))
        let known = min(min(seen[at], seen[at + 1]), min(seen[at + width], seen[at + width + 1]))
        guard known > 0 else { continue }
        let i = y &* width &+ x
        left[i] = known
        for c in 0..<3 {
          let p = c &* cells &+ at
          let upper = lab[p] + (lab[p + 1] - lab[p]) * tx
          let lower = lab[p + width] + (lab[p + width + 1] - lab[p + width]) * tx
          moved[c &* cells &+ i] = upper + (lower - upper) * ty
        }
      }
    }
    lab = moved
    seen = left
  }

  /// How far each cell is from the background over a small window; nil where that is not known.
  func differences(_ now: [Float]) -> [Float?] {
    let cells = width * height
    var sum = [Float](repeating: 0, count: cells)
    var share = sum
    for i in 0..<cells where seen[i] > 0 {
      sum[i] =
        abs(now[i] - lab[i]) + abs(now[cells + i] - lab[cells + i]) + abs(now[2 * cells + i] - lab[2 * cells + i])
      share[i] = 1
    }
    let (raw, known) = (sum, share)
    var scratch = sum
    let box = cpk_track().pointee.box_mean!
    box(raw, &sum, &scratch, Int32(width), Int32(height), 1)
    box(known, &share, &scratch, Int32(width), Int32(height), 1)
    return (0..<cells).map { known[$0] > 0 ? sum[$0] / share[$0] : nil }
  }

  /// Takes in what a frame shows beside the objects. What does not fit what was seen before may be an object that was
  /// lost: it only fades what is known.
  /// - Parameters:
  ///   - isBackground: for each cell whether it lies outside all objects.
  ///   - takesNew: whether that is sure enough for cells that were never seen.
  mutating func learn(_ now: [Float], isBackground: [Bool], takesNew: Bool) {
    let cells = width * height
    let differences = differences(now)
    // A sample tells the median well enough.
    let known = stride(from: 0, to: cells, by: 7).compactMap { differences[$0] }.sorted()
    let limit = Tuning.odd * (Tuning.slack + (known.isEmpty ? 0 : known[known.count / 2]))
    for i in 0..<cells where isBackground[i] {
      if let difference = differences[i], difference > limit {
        seen[i] -= 1
        continue
      }
      if differences[i] == nil, !takesNew { continue }
      seen[i] = max(1, min(Self.memory, seen[i] + 1))
      for c in 0..<3 { lab[c * cells + i] += (now[c * cells + i] - lab[c * cells + i]) / seen[i] }
    }
  }
}
