import Foundation
import Imaging

/// Flow vectors on a grid over the picture, to which maps are fitted.
struct FlowSamples {
  private(set) var from: [SIMD2<Double>] = []
  private(set) var to: [SIMD2<Double>] = []
  /// Samples near the picture's edge count more: what moves on its own is more often in the middle.
  private var prior: [Double] = []
  private let width: Double
  private let height: Double
  /// Squared distance, in pixels, beyond which a sample does not follow a map.
  let threshold2: Double

  private static let mostSamples = 1500
  private static let draws = (least: 45, most: 240)
  /// Chance that all draws so far hold an outlier, below which there are enough.
  private static let doubt = 0.001

  init(_ flow: FlowField, ignoring mask: Plane<UInt8>?) {
    width = Double(flow.width)
    height = Double(flow.height)
    let diagonal = (width * width + height * height).squareRoot()
    let threshold = max(0.75, 0.002 * diagonal)
    threshold2 = threshold * threshold
    let step = max(1, Int((width * height / Double(Self.mostSamples)).squareRoot().rounded(.up)))
    let (left, top) = ((flow.width - 1) % step / 2, (flow.height - 1) % step / 2)
    for y in stride(from: top, to: flow.height, by: step) {
      for x in stride(from: left, to: flow.width, by: step) where mask == nil || mask![x, y] == 0 {
        let vector = SIMD2<Double>(flow[x, y])
        guard vector.x.isFinite, vector.y.isFinite else { continue }
        let place = SIMD2(Double(x), Double(y))
        from.append(place)
        to.append(place + vector)
        let off = (place - SIMD2(width - 1, height - 1) / 2) / (SIMD2(width, height) / 2)
        prior.append(1 + 1.5 * max(abs(off.x), abs(off.y)))
      }
    }
  }

  /// Mean over the samples of min(distance², threshold²), weighted by the prior.
  func cost(of map: Homography) -> Double {
    var (sum, total) = (0.0, 0.0)
    for i in from.indices {
      let d = map.apply(from[i]) - to[i]
      sum += prior[i] * min((d * d).sum(), threshold2)
      total += prior[i]
    }
    return sum / total
  }

  func agreement(with map: Homography) -> (share: Float, residual: Float) {
    var (count, sum) = (0, 0.0)
    for i in from.indices {
      let d = map.apply(from[i]) - to[i]
      let distance2 = (d * d).sum()
      if distance2 < threshold2 {
        count += 1
        sum += distance2
      }
    }
    return (Float(count) / Float(from.count), Float((sum / Double(max(1, count))).squareRoot()))
  }

  /// The map from a few samples that most samples follow.
  func bestHypothesis() -> Homography {
    var random = SplitMix64(seed: 0x5EED)
    var best = Homography.identity
    var least = cost(of: best)
    var enough = Self.draws.most
    for draw in 0..<Self.draws.most where draw < enough {
      let model: Homography.Model = draw % 3 == 0 ? .similarity : draw % 3 == 1 ? .affine : .homography
      guard from.count >= model.leastPoints else { continue }
      let picks = (0..<model.leastPoints).map { _ in Int(random.next() % UInt64(from.count)) }
      guard let map = Homography.fit(model, from: picks.map { from[$0] }, to: picks.map { to[$0] }), isPlausible(map)
      else { continue }
      let cost = cost(of: map)
      if cost < least {
        (least, best) = (cost, map)
        enough = sufficientDraws(Double(agreement(with: best).share))
      }
    }
    return best
  }

  /// Draws of the largest kind of sample after which one without outliers is all but sure, where `share` are none.
  private func sufficientDraws(_ share: Double) -> Int {
    let chance = pow(share, Double(Homography.Model.homography.leastPoints))
    guard chance > 0.01 else { return Self.draws.most }
    guard chance < 0.999 else { return Self.draws.least }
    // Every third draw is of this kind.
    let needed = 3 * log(Self.doubt) / log(1 - chance)
    return min(Self.draws.most, max(Self.draws.least, Int(needed.rounded(.up))))
  }

  /// Least squares reweighted by Tukey's biweight, its reach shrinking to the threshold.
  func refined(_ start: Homography, as model: Homography.Model) -> Homography? {
    var map = start
    for reach in [4.0, 2.5, 1.6, 1.2, 1, 1, 1] {
      let reach2 = threshold2 * reach * reach
      var weights: [Double] = []
      weights.reserveCapacity(from.count)
      for i in from.indices {
        let d = map.apply(from[i]) - to[i]
        let t = max(0, 1 - (d * d).sum() / reach2)
        weights.append(prior[i] * t * t)
      }
      guard let next = Homography.fit(model, from: from, to: to, weights: weights) else { return nil }
      map = next
    }
    return map
  }

  /// A camera does not turn the picture inside out, nor bring the horizon into it.
  func isPlausible(_ map: Homography) -> Bool {
    let m = map.m
    for corner in [SIMD2(0, 0), SIMD2(width, 0), SIMD2(0, height), SIMD2(width, height)] {
      let w = m[6] * corner.x + m[7] * corner.y + m[8]
      guard w > 0.3, w < 3 else { return false }
    }
    let area = m[0] * m[4] - m[1] * m[3]
    return area > 0.05 && area < 20
  }
}
