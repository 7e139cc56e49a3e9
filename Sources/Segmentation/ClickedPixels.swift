import Imaging

/// What clicks and strokes settle at pixels, where superpixels are too coarse: each point speaks for what lies around it and
/// looks like it.
struct ClickedPixels {
  struct Point {
    var x: Int
    var y: Int
    var isInside: Bool
  }

  /// Squared difference in L*a*b* up to which a pixel looks like a point.
  private static let likeness: Float = 100

  private let points: [Point]
  private let lab: LabImage

  /// - Parameter points: those beyond the picture are left out.
  init(_ points: [Point], on lab: LabImage) {
    self.points = points.filter { $0.x >= 0 && $0.x < lab.width && $0.y >= 0 && $0.y < lab.height }
    self.lab = lab
  }

  /// The pixels up to `reach` from a point that look like it, in reading order; each is on the nearest point's side.
  func settled(reach: Int) -> [(pixel: Int, isInside: Bool)] {
    var nearest: [Int: (distance: Int, isInside: Bool)] = [:]
    for (point, reach) in reaches(reach) {
      for y in max(0, point.y - reach)...min(lab.height - 1, point.y + reach) {
        for x in max(0, point.x - reach)...min(lab.width - 1, point.x + reach) {
          let (dx, dy) = (x - point.x, y - point.y)
          let distance = dx * dx + dy * dy
          let pixel = y * lab.width + x
          guard distance <= reach * reach, difference(pixel, point) <= ClickedPixels.likeness,
            distance <= nearest[pixel]?.distance ?? .max
          else { continue }
          nearest[pixel] = (distance, point.isInside)
        }
      }
    }
    return nearest.keys.sorted().map { ($0, nearest[$0]!.isInside) }
  }

  /// Along a stroke most points speak for themselves alone: those around them are reached from others.
  private func reaches(_ reach: Int) -> [(Point, Int)] {
    var last: Point?
    return points.map { point in
      if let last, last.isInside == point.isInside, max(abs(point.x - last.x), abs(point.y - last.y)) * 2 < reach {
        return (point, 0)
      }
      last = point
      return (point, reach)
    }
  }

  /// Superpixels that were clicked for both sides, each pixel given to the point that it is nearest to in place and colour.
  /// - Parameter mask: of the picture's size, 0 or 255.
  func shared(_ mask: Plane<UInt8>, _ superpixels: Superpixels) -> Plane<UInt8> {
    let marks = Dictionary(grouping: points) { superpixels.labels[$0.y * lab.width + $0.x] }
      .filter { Set($0.value.map(\.isInside)).count == 2 }
    guard !marks.isEmpty else { return mask }
    var mask = mask
    for (pixel, label) in superpixels.labels.enumerated() {
      guard let points = marks[label] else { continue }
      let (x, y) = (pixel % lab.width, pixel / lab.width)
      var best = (distance: Float.infinity, isInside: false)
      for point in points {
        let (dx, dy) = (x - point.x, y - point.y)
        let distance = Float(dx * dx + dy * dy) + difference(pixel, point)
        if distance <= best.distance { best = (distance, point.isInside) }
      }
      mask.samples[pixel] = best.isInside ? 255 : 0
    }
    return mask
  }

  private func difference(_ pixel: Int, _ point: Point) -> Float {
    let difference = lab.color(at: pixel) - lab.color(at: point.y * lab.width + point.x)
    return (difference * difference).sum()
  }
}
