import Foundation
import Imaging

/// The boundary measure of Martin et al. 2004 in DAVIS's form: boundaries match within a tolerance, by dilation.
enum BoundaryMeasure {
  /// 1 for two masks without boundaries, 0 where only one has any. Both of one size.
  static func f(_ truth: Plane<UInt8>, _ guess: Plane<UInt8>, tolerance: Double = 0.008) -> Double {
    let diagonal = (Double(truth.width * truth.width) + Double(truth.height * truth.height)).squareRoot()
    let disc = Disc(radius: Int((tolerance * diagonal).rounded(.up)))
    let trueEdge = boundary(truth)
    let guessEdge = boundary(guess)
    if trueEdge.isEmpty && guessEdge.isEmpty { return 1 }
    if trueEdge.isEmpty || guessEdge.isEmpty { return 0 }
    let precision = share(of: guessEdge, near: disc.around(trueEdge, width: truth.width, height: truth.height))
    let recall = share(of: trueEdge, near: disc.around(guessEdge, width: truth.width, height: truth.height))
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
  }

  /// Positions of the pixels whose right, lower or lower right neighbour is of another label.
  static func boundary(_ mask: Plane<UInt8>) -> [Int] {
    let width = mask.width
    let height = mask.height
    let isObject = { (x: Int, y: Int) in mask.samples[min(y, height - 1) * width + min(x, width - 1)] != 0 }
    var out: [Int] = []
    for y in 0..<height {
      for x in 0..<width {
        let here = isObject(x, y)
        // On the last row and column the neighbours beyond the border count as equal.
        let differs = here != isObject(x + 1, y) || here != isObject(x, y + 1)
        if differs || (x < width - 1 && y < height - 1 && here != isObject(x + 1, y + 1)) { out.append(y * width + x) }
      }
    }
    return out
  }

  private static func share(of edge: [Int], near: [Bool]) -> Double {
    Double(edge.count { near[$0] }) / Double(edge.count)
  }

  /// A disc of pixels, with the half widths that OpenCV's elliptic structuring element has.
  private struct Disc {
    let radius: Int
    let halfWidths: [Int]

    init(radius: Int) {
      self.radius = radius
      halfWidths = (-radius...radius).map { dy in
        let height = Double(radius * radius - dy * dy) / Double(max(1, radius * radius))
        return Int((Double(radius) * height.squareRoot()).rounded(.toNearestOrEven))
      }
    }

    /// The pixels within the disc around any of `places`.
    func around(_ places: [Int], width: Int, height: Int) -> [Bool] {
      var near = [Bool](repeating: false, count: width * height)
      for place in places {
        let x = place % width
        let y = place / width
        for dy in -radius...radius where y + dy >= 0 && y + dy < height {
          let half = halfWidths[dy + radius]
          let row = (y + dy) * width
          for column in max(0, x - half)...min(width - 1, x + half) { near[row + column] = true }
        }
      }
      return near
    }
  }
}
