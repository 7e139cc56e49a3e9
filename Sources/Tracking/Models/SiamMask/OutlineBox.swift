import Imaging

/// A point of an outline, in pixels.
public struct OutlinePoint: Sendable, Equatable {
  public var x: Double
  public var y: Double

  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// The smallest rotated rectangle around the largest outline of a mask.
public enum OutlineBox {
  /// - Returns: the outer border of the part that encloses most, by the shoelace formula over pixel centres, and that area.
  public static func largestOutline(_ inside: Plane<UInt8>) -> (points: [OutlinePoint], area: Double)? {
    let parts = inside.components(connectivity: .eight)
    var best: (points: [OutlinePoint], area: Double)?
    for part in 0..<parts.count {
      let points = border(parts, Int32(part + 1))
      let area = enclosed(points)
      if area > best?.area ?? -1 { best = (points, area) }
    }
    return best
  }

  /// The border of a part, pixel by pixel, clockwise from its first pixel (Moore's neighbour tracing).
  private static func border(_ parts: Components, _ part: Int32) -> [OutlinePoint] {
    let labels = parts.labels
    let region = parts.regions[Int(part) - 1]
    let start = (x: (region.x..<region.maxX).first { labels[$0, region.y] == part } ?? region.x, y: region.y)
    let steps = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)]
    func holds(_ x: Int, _ y: Int) -> Bool {
      x >= 0 && y >= 0 && x < labels.width && y < labels.height && labels[x, y] == part
    }
    var points = [OutlinePoint(x: Double(start.x), y: Double(start.y))]
    var at = start
    var heading = 0
    var first: Int?
    while true {
      // Seen from the way it came, the next border pixel is the first one turning right from straight left.
      let turn = (0..<8).map { (heading + 6 + $0) % 8 }.first { holds(at.x + steps[$0].0, at.y + steps[$0].1) }
      guard let turn else { return points }
      if at == start {
        if first == turn { return points }
        first = first ?? turn
      }
      at = (at.x + steps[turn].0, at.y + steps[turn].1)
      heading = turn
      points.append(OutlinePoint(x: Double(at.x), y: Double(at.y)))
    }
  }

  private static func enclosed(_ points: [OutlinePoint]) -> Double {
    var twice = 0.0
    for index in points.indices {
      let (a, b) = (points[index], points[(index + 1) % points.count])
      twice += a.x * b.y - a.y * b.x
    }
    return abs(twice) / 2
  }

  /// The corners of the rectangle of least area around `points`, in turn; one side lies on the convex hull (Freeman and
  /// Shapira 1975).
  public static func rectangle(around points: [OutlinePoint]) -> [OutlinePoint] {
    let hull = convexHull(points)
    guard hull.count > 2 else { return [hull.first, hull.last, hull.last, hull.first].compactMap { $0 } }
    var best: (area: Double, corners: [OutlinePoint])?
    for index in hull.indices {
      let (a, b) = (hull[index], hull[(index + 1) % hull.count])
      let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
      let along = OutlinePoint(x: (b.x - a.x) / length, y: (b.y - a.y) / length)
      let u = hull.map { $0.x * along.x + $0.y * along.y }
      let v = hull.map { $0.y * along.x - $0.x * along.y }
      let (u0, u1, v0, v1) = (u.min()!, u.max()!, v.min()!, v.max()!)
      let area = (u1 - u0) * (v1 - v0)
      guard area < best?.area ?? .infinity else { continue }
      let corners = [(u0, v0), (u1, v0), (u1, v1), (u0, v1)].map { u, v in
        OutlinePoint(x: u * along.x - v * along.y, y: u * along.y + v * along.x)
      }
      best = (area, corners)
    }
    return best?.corners ?? []
  }

  /// Andrew's monotone chain.
  private static func convexHull(_ points: [OutlinePoint]) -> [OutlinePoint] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func half(_ points: [OutlinePoint]) -> [OutlinePoint] {
      var chain: [OutlinePoint] = []
      for point in points {
        while chain.count > 1, cross(chain[chain.count - 2], chain[chain.count - 1], point) <= 0 { chain.removeLast() }
        chain.append(point)
      }
      return chain
    }
    let (lower, upper) = (half(sorted), half(sorted.reversed()))
    return lower.count < 2 ? lower : lower.dropLast() + upper.dropLast()
  }

  private static func cross(_ a: OutlinePoint, _ b: OutlinePoint, _ c: OutlinePoint) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  }
}
