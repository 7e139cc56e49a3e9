import Foundation
import NeuralRuntime

/// From the network's answer on a search picture to the target's next place.
public struct SiamMaskDecoding: Sendable {
  /// What was chosen on the grid.
  public struct Choice: Sendable {
    public let row: Int
    public let column: Int
    /// The network's odds for the target, 0…1.
    public let score: Float
    public let target: SiamMaskTarget
  }

  /// The search square that was shown to the network: its corner in the frame and its side in pixels.
  public struct SearchSquare: Sendable {
    public let x: Double
    public let y: Double
    public let side: Double
    /// Pixels of the template picture for one of the frame.
    let scale: Double
  }

  public let settings: SiamMaskSettings

  public init(_ settings: SiamMaskSettings) { self.settings = settings }

  public func searchSquare(_ target: SiamMaskTarget) -> SearchSquare {
    let context = target.contextSide(settings.context)
    let scale = Double(settings.exemplarSide) / context
    let margin = Double(settings.searchSide - settings.exemplarSide) / 2 / scale
    let side = (context + 2 * margin).rounded(.toNearestOrEven)
    return SearchSquare(x: target.x - side / 2, y: target.y - side / 2, side: side, scale: scale)
  }

  /// The best anchor by score, penalty for change and nearness to the middle; the first of equals.
  /// - Parameters:
  ///   - scores: [1, 10, side, side].
  ///   - boxes: [1, 20, side, side].
  ///   - frame: width and height.
  public func choose(
    scores: NeuralTensor, boxes: NeuralTensor, from target: SiamMaskTarget, frame: (width: Int, height: Int)
  ) -> Choice {
    let grid = boxes.shape[3]
    let anchors = SiamMaskAnchors(gridSide: grid, stride: settings.stride)
    let count = anchors.boxes.count
    let scale = searchSquare(target).scale
    let (odds, deltas) = (scores.floats, boxes.floats)
    let old = (width: target.width * scale, height: target.height * scale)
    var best: (index: Int, value: Double, score: Float, penalty: Double, box: SIMD4<Float>)?
    for index in 0..<count {
      let anchor = anchors.boxes[index]
      let box = SIMD4<Float>(
        deltas[index] * anchor.z + anchor.x, deltas[count + index] * anchor.w + anchor.y,
        Foundation.exp(deltas[2 * count + index]) * anchor.z, Foundation.exp(deltas[3 * count + index]) * anchor.w)
      let score = Self.foreground(odds[index], odds[count + index])
      let penalty = penalty(width: Double(box.z), height: Double(box.w), old)
      let value =
        penalty * Double(score) * (1 - settings.windowInfluence) + anchors.window[index] * settings.windowInfluence
      if value > best?.value ?? -.infinity { best = (index, value, score, penalty, box) }
    }
    let chosen = best ?? (0, 0, 0, 0, SIMD4(0, 0, Float(old.width), Float(old.height)))
    let cell = chosen.index % (grid * grid)
    let rate = chosen.penalty * Double(chosen.score) * settings.learningRate
    return Choice(
      row: cell / grid, column: cell % grid, score: chosen.score,
      target: moved(target, by: chosen.box, scale: scale, rate: rate, frame: frame))
  }

  private static func foreground(_ background: Float, _ target: Float) -> Float {
    let peak = max(background, target)
    let (first, second) = (Foundation.exp(background - peak), Foundation.exp(target - peak))
    return second / (first + second)
  }

  private func penalty(width: Double, height: Double, _ old: (width: Double, height: Double)) -> Double {
    func change(_ ratio: Double) -> Double { max(ratio, 1 / ratio) }
    func side(_ width: Double, _ height: Double) -> Double {
      SiamMaskTarget(x: 0, y: 0, width: width, height: height).contextSide(0.5)
    }
    let size = change(side(width, height) / side(old.width, old.height))
    let aspect = change(old.width / old.height / (width / height))
    let value = Foundation.exp(-(aspect * size - 1) * settings.penalty)
    return value.isFinite ? value : 0
  }

  private func moved(
    _ target: SiamMaskTarget, by box: SIMD4<Float>, scale: Double, rate: Double, frame: (width: Int, height: Int)
  ) -> SiamMaskTarget {
    func blended(_ old: Double, _ new: Float) -> Double { old * (1 - rate) + Double(new) / scale * rate }
    func clamped(_ value: Double, _ low: Double, _ high: Int) -> Double {
      value.isFinite ? max(low, min(Double(high), value)) : low
    }
    return SiamMaskTarget(
      x: clamped(target.x + Double(box.x) / scale, 0, frame.width),
      y: clamped(target.y + Double(box.y) / scale, 0, frame.height),
      width: clamped(blended(target.width, box.z), 10, frame.width),
      height: clamped(blended(target.height, box.w), 10, frame.height))
  }
}
