import Foundation
import Imaging

/// Follows a coarse contour at pixels: a minimum cut within a band around it, by the colours on either side nearby.
struct ContourCut {
  /// Half the band's width, in pixels of the image that is cut.
  let reach: Int
  /// Weight of a smooth contour against the colours' word.
  private static let smoothness: Float = 22
  private static let unit: Float = 16
  private static let certain: Int32 = 1 << 22
  /// Pulls a pixel to the side that the coarse mask gives it, per pixel of distance beyond the first.
  private static let trust: Float = 0.25

  /// - Parameters:
  ///   - mask: 0 or 255, of the image's size.
  ///   - fixed: pixels that clicks settle: their index and whether they are inside.
  func refine(
    _ mask: Plane<UInt8>, in lab: LabImage, fixed: [(pixel: Int, isInside: Bool)]
  ) -> Plane<UInt8> {
    let distances = BandDistances(mask, reach: 3 * reach)
    let band = distances.band(within: reach)
    guard !band.isEmpty else { return mask }
    let colors = SideColors(lab, mask: mask, distances: distances)
    var nodeOf = [Int32](repeating: -1, count: mask.samples.count)
    for (node, pixel) in band.enumerated() { nodeOf[pixel] = Int32(node) }
    guard var cut = MinimumCut(nodes: band.count, edges: band.count * 4) else { return mask }
    setTerminals(&cut, band, nodeOf, mask, lab, distances, colors, fixed)
    _ = cut.solve()
    var refined = mask
    for (node, pixel) in band.enumerated() { refined.samples[pixel] = cut.isInside(node) ? 255 : 0 }
    for (pixel, isInside) in fixed { refined.samples[pixel] = isInside ? 255 : 0 }
    return refined
  }

  private func setTerminals(
    _ cut: inout MinimumCut, _ band: [Int], _ nodeOf: [Int32], _ mask: Plane<UInt8>, _ lab: LabImage,
    _ distances: BandDistances, _ colors: SideColors, _ fixed: [(pixel: Int, isInside: Bool)]
  ) {
    let (width, height) = (mask.width, mask.height)
    let settled = Dictionary(fixed.map { ($0.pixel, $0.isInside) }, uniquingKeysWith: { $1 })
    for (node, p) in band.enumerated() {
      let (x, y) = (p % width, p / width)
      var inside: Int32 = 0
      var outside: Int32 = 0
      for (dx, dy) in [(1, 0), (0, 1), (1, 1), (-1, 1), (-1, 0), (0, -1), (-1, -1), (1, -1)] {
        let (u, v) = (x + dx, y + dy)
        guard u >= 0, u < width, v >= 0, v < height else { continue }
        let q = v * width + u
        let weight = ContourCut.contrast(lab, p, q, isDiagonal: dx != 0 && dy != 0)
        if nodeOf[q] < 0 {
          if mask.samples[q] != 0 { inside += weight } else { outside += weight }
        } else if dy > 0 || (dy == 0 && dx > 0) {
          cut.connect(node, Int(nodeOf[q]), weight)
        }
      }
      let isInside = mask.samples[p] != 0
      let depth = Float(distances[p]) - 1
      let odds = colors.logOdds(lab, p) + ContourCut.trust * depth * (isInside ? 1 : -1)
      let cost = Int32(ContourCut.unit * odds.within(6))
      inside += max(0, cost)
      outside += max(0, -cost)
      if let side = settled[p] {
        inside = side ? ContourCut.certain : 0
        outside = side ? 0 : ContourCut.certain
      }
      cut.setTerminals(node, inside: inside, outside: outside)
    }
  }

  private static func contrast(_ lab: LabImage, _ p: Int, _ q: Int, isDiagonal: Bool) -> Int32 {
    let difference = lab.color(at: p) - lab.color(at: q)
    let squared = (difference * difference).sum()
    let weight = smoothness * (0.04 + exp(-squared / 40)) * (isDiagonal ? 0.7071 : 1)
    return Int32(weight) + 1
  }
}
