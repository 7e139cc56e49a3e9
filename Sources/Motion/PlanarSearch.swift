import Imaging

/// Looks for a lost target in the whole frame: correlation of a small template at three sizes, then alignment.
struct PlanarSearch {
  let template: PlanarTemplate
  let image: RGBImage

  /// The template is searched for at about this many samples across.
  private static let across = 24
  private static let mostTried = 6

  /// - Parameter last: from target coordinates to the frame where the target was last seen: its size and turn.
  func find(near last: Homography) -> PlanarAlignment.Result? {
    let frame = LumaPyramid(image, region: image.bounds, levels: 7)
    let size = 2 * (last.m[0] * last.m[4] - last.m[1] * last.m[3]).magnitude.squareRoot()
    var depth = 0
    while Double(Self.across) * Double(2 << depth) <= size, depth + 1 < frame.levels.count { depth += 1 }
    let alignment = PlanarAlignment(template: template, frame: frame)
    let peaks = [0.8, 1, 1.25].flatMap { candidates(frame, depth, last, zoom: $0) }
      .sorted { ($0.score, $1.place.y, $1.place.x) > ($1.score, $0.place.y, $0.place.x) }
    var best: PlanarAlignment.Result?
    for peak in peaks.prefix(Self.mostTried) {
      guard let result = alignment.align(from: peak.map), PlanarTracker.isBelieved(result), result.ncc > 0.8,
        result.visibleShare > 0.5
      else { continue }
      if best == nil || result.ncc > best!.ncc { best = result }
    }
    return best
  }

  private struct Peak {
    let score: Float
    let place: SIMD2<Int>
    let map: Homography
  }

  /// The best places of the template at one size, far enough apart.
  private func candidates(_ frame: LumaPyramid, _ depth: Int, _ last: Homography, zoom: Double) -> [Peak] {
    let plane = frame.levels[depth]
    let level = template.levels.last!
    let toLevel = frame.placement(level: depth)
    // The target about the origin, turned and sized as it was last, in samples of the level.
    let turn = Homography([last.m[0] * zoom, last.m[1] * zoom, 0, last.m[3] * zoom, last.m[4] * zoom, 0, 0, 0, 1])
    let scale = toLevel.m[0]
    let step = max(1, level.places.count / 160)
    var offsets: [Int] = []
    var values: [Float] = []
    var (left, right, top, bottom) = (0, 0, 0, 0)
    for i in stride(from: 0, to: level.places.count, by: step) {
      let p = turn.apply(SIMD2<Double>(level.places[i])) * scale
      let (x, y) = (Int(p.x.rounded()), Int(p.y.rounded()))
      (left, right, top, bottom) = (min(left, x), max(right, x), min(top, y), max(bottom, y))
      offsets.append(y * plane.width + x)
      values.append(level.values[i])
    }
    guard plane.width + left - right > 0, plane.height + top - bottom > 0 else { return [] }
    let mean = values.reduce(0, +) / Float(values.count)
    let centered = values.map { $0 - mean }
    let norm = centered.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 1 else { return [] }
    var peaks: [Peak] = []
    for y in -top..<plane.height - bottom {
      for x in -left..<plane.width - right {
        let score = correlation(plane, y * plane.width + x, offsets, centered) / norm
        guard score > 0.5 else { continue }
        if let near = peaks.firstIndex(where: { abs($0.place.x - x) < 4 && abs($0.place.y - y) < 4 }) {
          if peaks[near].score >= score { continue }
          peaks.remove(at: near)
        }
        let center = toLevel.inverse!.apply(SIMD2(Double(x), Double(y)))
        peaks.append(
          Peak(score: score, place: SIMD2(x, y), map: .translation(center.x, center.y) * turn))
      }
    }
    return peaks
  }

  private func correlation(_ plane: Plane<Float>, _ at: Int, _ offsets: [Int], _ centered: [Float]) -> Float {
    var (sum, square, product): (Float, Float, Float) = (0, 0, 0)
    for i in offsets.indices {
      let value = plane.samples[at &+ offsets[i]]
      sum += value
      square += value * value
      product += value * centered[i]
    }
    let variance = square - sum * sum / Float(offsets.count)
    return variance > 1 ? product / variance.squareRoot() : 0
  }
}
