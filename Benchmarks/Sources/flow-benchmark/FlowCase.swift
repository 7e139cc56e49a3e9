import Foundation
import Imaging
import Motion
import TestSupport
import VideoIO

/// Pairs of pictures to find the flow between, with the truth where there is one.
struct FlowCase {
  struct Pair {
    let first: Plane<UInt8>
    let second: Plane<UInt8>
    /// The exact flow, and 255 where it can be seen.
    let truth: (flow: FlowField, visible: Plane<UInt8>)?
  }

  let name: String
  let pairs: [Pair]

  static func all() throws -> [FlowCase] { rendered + (try real()) }

  /// Scenes whose flow is known.
  private static var rendered: [FlowCase] {
    let shake = Homography([1.004, -0.006, 2.1, 0.006, 1.004, -1.4, 1e-5, 0, 1])
    let zoom = Homography([1.05, 0.01, -12, -0.01, 1.05, -6, 2e-5, 1e-5, 1])
    func walker(_ w: Double, _ motion: Homography, _ seed: UInt64) -> FlowScene.Layer {
      .init(
        motion: motion, seed: seed, ellipse: (center: SIMD2(w * 0.45, w * 0.3), radii: SIMD2(w * 0.13, w * 0.16)),
        scale: 40)
    }
    func scene(_ name: String, _ w: Int, _ h: Int, _ layers: [FlowScene.Layer], gain: Double = 1, noise: Double = 1)
      -> FlowCase
    {
      let scene = FlowScene(width: w, height: h, layers: layers, gain: gain, bias: gain == 1 ? 0 : 8, noise: noise)
      return FlowCase(
        name: "\(name)-\(w)",
        pairs: [Pair(first: scene.first, second: scene.second, truth: (scene.flow, scene.visible))])
    }
    let slow = Homography([1.01, 0.02, -7, -0.02, 1.01, 5, 0, 0, 1])
    return [
      scene("camera", 432, 240, [.init(motion: shake, seed: 1)]),
      scene("zoom", 432, 240, [.init(motion: zoom, seed: 2, scale: 90)]),
      scene("layers", 432, 240, [.init(motion: shake, seed: 3), walker(432, slow, 71)]),
      scene("fast", 432, 240, [.init(motion: .translation(14, 3), seed: 4), walker(432, .translation(-16, 6), 72)]),
      scene("exposure", 432, 240, [.init(motion: shake, seed: 5), walker(432, slow, 73)], gain: 0.85),
      scene("noisy", 432, 240, [.init(motion: shake, seed: 6), walker(432, slow, 74)], noise: 6),
      scene("layers", 854, 480, [.init(motion: zoom, seed: 7, scale: 120), walker(854, slow, 75)]),
    ]
  }

  /// Consecutive frames of the shared clips, where they are at hand.
  private static func real() throws -> [FlowCase] {
    let clips = [
      "eval/bmx", "eval/carshadow", "eval/market", "eval/skate", "eval/tennis", "clips/bmx-trees", "clips/car-shadow",
    ]
    return try clips.compactMap { clip in
      guard let path = SharedClips.path(clip + "/frames") else { return nil }
      let source = try MediaSource.open(path)
      let starts = stride(from: 0, to: min(source.info.frameCount - 1, 40), by: 8)
      let pairs = try starts.map { start in
        let images = try (start...start + 1).map { RGBImage(try source.frame(at: $0).frame).luma }
        return Pair(first: images[0], second: images[1], truth: nil)
      }
      return FlowCase(name: clip.replacingOccurrences(of: "/", with: "-"), pairs: pairs)
    }
  }

  /// Mean end-point error in pixels where the truth is seen, or without truth the mean absolute difference in levels
  /// between each picture and the next one fetched back along the flow, inside the frame.
  func error(of flows: [FlowField]) -> Double {
    var (sum, count) = (0.0, 0.0)
    for (pair, flow) in zip(pairs, flows) {
      for y in 0..<flow.height {
        for x in 0..<flow.width {
          if let truth = pair.truth {
            guard truth.visible[x, y] != 0 else { continue }
            let d = flow[x, y] - truth.flow[x, y]
            sum += Double((d * d).sum().squareRoot())
          } else {
            guard let fetched = pair.second.bilinear(Float(x) + flow[x, y].x, Float(y) + flow[x, y].y) else { continue }
            sum += Double(abs(fetched - Float(pair.first[x, y])))
          }
          count += 1
        }
      }
    }
    return sum / max(1, count)
  }

  func write(below folder: URL) throws {
    for (index, pair) in pairs.enumerated() {
      let place = folder.appendingPathComponent("\(name)/\(index)")
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
      try PortableAnymap.write(pair.first, to: place.path + "/first.pgm")
      try PortableAnymap.write(pair.second, to: place.path + "/second.pgm")
      guard let truth = pair.truth else { continue }
      try PortableAnymap.write(truth.visible, to: place.path + "/visible.pgm")
      try truth.flow.vectors.withUnsafeBytes { Data($0) }.write(to: place.appendingPathComponent("flow.f32"))
    }
  }
}

extension Plane where Sample == UInt8 {
  fileprivate func bilinear(_ x: Float, _ y: Float) -> Float? {
    guard x >= 0, y >= 0, x < Float(width - 1), y < Float(height - 1) else { return nil }
    let (left, top) = (Int(x), Int(y))
    let (fx, fy) = (x - Float(left), y - Float(top))
    let upper = Float(self[left, top]) * (1 - fx) + Float(self[left + 1, top]) * fx
    let lower = Float(self[left, top + 1]) * (1 - fx) + Float(self[left + 1, top + 1]) * fx
    return upper * (1 - fy) + lower * fy
  }
}
