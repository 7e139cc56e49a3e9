import Foundation
import Imaging
import Inpainting
import ObjectRemoval
import TestSupport

/// How the cost of a fill grows with the length and the size of a rendered clip, and what a second thread gains.
struct Growth {
  let options: InpaintingOptions
  let frames: [Int]
  let heights: [Int]

  private static let length = 48

  func all() throws {
    print("rendered walker        frames   user s   a frame   wall s   peak MB")
    for count in frames { try line(Scene(height: 240, count: count), threads: 1) }
    for height in heights { try line(Scene(height: height, count: Growth.length), threads: 1) }
    let scene = Scene(height: 480, count: Growth.length)
    let single = try line(scene, threads: 1)
    let double = try line(scene, threads: 2)
    print(String(format: "two threads: %.2f times one, by the wall clock", single / double))
  }

  @discardableResult
  private func line(_ scene: Scene, threads: Int) throws -> Double {
    let start = (userSeconds(), ContinuousClock.now)
    let engine = BuiltinInpainter(options: options, threads: threads)
    try scene.fill(engine)
    let user = userSeconds() - start.0
    let wall = (ContinuousClock.now - start.1) / .seconds(1)
    print(
      String(
        format: "%5d x %-4d %d thread(s) %6d %8.2f %9.4f %8.2f %9d", scene.width, scene.height, threads, scene.count,
        user,
        user / Double(scene.count), wall, ProcessResources.peakMemory >> 20))
    fflush(nil)
    return wall
  }
}

/// A rendered walker with his shadow, to be filled window by window as a job does it.
private struct Scene {
  let width: Int
  let height: Int
  let count: Int
  private let frames: [RGBImage]
  private let holes: [Plane<UInt8>]

  /// Rendered at 240 rows and enlarged: what is measured is the fill.
  init(height: Int, count: Int) {
    let (width, height) = (height * 16 / 9 & ~1, height)
    (self.width, self.height, self.count) = (width, height, count)
    let scene = SyntheticScene(width: 426, height: 240, frameCount: count)
    let rendered = (0..<count).map { scene.frame($0) }
    frames = rendered.map { $0.image.resized(width: width, height: height) }
    holes = rendered.map { $0.changed.dilated(radius: 3).resizedNearest(width: width, height: height) }
  }

  func fill(_ engine: BuiltinInpainter) throws {
    // The whole picture is the region here; a job's is what lies around the hole.
    let plan = try engine.plan(width: width, height: height, memory: (height > 720 ? 3000 : 750) << 20)
    var (pictures, filled) = (frames, [Plane<UInt8>?](repeating: nil, count: count))
    var done = 0
    while done < count {
      let (first, end) = (max(0, done - plan.before), min(count, done + plan.core))
      let last = min(count, end + plan.after)
      let window = InpaintingWindow(
        frames: Array(pictures[first..<last]), holes: Array(holes[first..<last]), filled: Array(filled[first..<last]),
        core: done - first..<end - first)
      for frame in try engine.fill(window, cancellation: Cancellation(), progress: { _ in }) {
        (pictures[done], filled[done]) = (frame.image, frame.provenance)
        done += 1
      }
    }
  }
}
