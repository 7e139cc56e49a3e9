import Imaging

/// The four corners of a mask.
enum MaskQuad {
  /// Outer corners of the quadrilateral that fits the mask closely: top left, top right, bottom right, bottom left, with
  /// pixel centres at whole numbers; those of the bounding box where the mask is no quadrilateral. Nil where it is empty.
  static func corners(of mask: Plane<UInt8>) -> [SIMD2<Double>]? {
    guard let box = mask.boundingBox else { return nil }
    var polygon = hull(of: mask, box)
    while polygon.count > 4, let smaller = withoutAnEdge(polygon) { polygon = smaller }
    let covered = Double(mask.samples.reduce(0) { $0 + ($1 != 0 ? 1 : 0) })
    if polygon.count == 4, covered > 0.9 * area(polygon) { return fromTopLeft(polygon) }
    let (left, top) = (Double(box.x) - 0.5, Double(box.y) - 0.5)
    let (right, bottom) = (left + Double(box.width), top + Double(box.height))
    return [SIMD2(left, top), SIMD2(right, top), SIMD2(right, bottom), SIMD2(left, bottom)]
  }

  /// The convex hull of the pixels' squares, clockwise as seen (A. Andrew's monotone chain, 1979).
  private static func hull(of mask: Plane<UInt8>, _ box: Region) -> [SIMD2<Double>] {
    var left: [SIMD2<Double>] = []
    var right: [SIMD2<Double>] = []
    for y in box.y..<box.maxY {
      let columns = box.x..<box.maxX
      guard let first = columns.first(where: { mask[$0, y] != 0 }), let last = columns.last(where: { mask[$0, y] != 0 })
      else { continue }
      for edge in [Double(y) - 0.5, Double(y) + 0.5] {
        extend(&right, by: SIMD2(Double(last) + 0.5, edge), turning: 1)
        extend(&left, by: SIMD2(Double(first) - 0.5, edge), turning: -1)
      }
    }
    return right + left.reversed()
  }

  private static func extend(_ chain: inout [SIMD2<Double>], by point: SIMD2<Double>, turning: Double) {
    while chain.count >= 2, turning * cross(chain[chain.count - 1] - chain[chain.count - 2], point - chain.last!) <= 0 {
      chain.removeLast()
    }
    chain.append(point)
  }

  /// Takes away the edge that costs least area when its neighbours are drawn out until they meet.
  private static func withoutAnEdge(_ polygon: [SIMD2<Double>]) -> [SIMD2<Double>]? {
    let n = polygon.count
    var best: (added: Double, edge: Int, corner: SIMD2<Double>)?
    for k in 0..<n {
      let (a, b, c, d) = (polygon[(k + n - 1) % n], polygon[k], polygon[(k + 1) % n], polygon[(k + 2) % n])
      let (u, v) = (b - a, c - d)
      let turn = cross(u, v)
      guard abs(turn) > 1e-9 else { continue }
      let reach = cross(c - b, v) / turn
      guard reach >= 0 else { continue }
      let corner = b + u * reach
      let added = abs(cross(corner - b, c - b)) / 2
      if added < best?.added ?? .infinity { best = (added, k, corner) }
    }
    guard let best else { return nil }
    var out = polygon
    out[best.edge] = best.corner
    out.remove(at: (best.edge + 1) % n)
    return out
  }

  /// The same corners, beginning with the one nearest to the top left.
  private static func fromTopLeft(_ polygon: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let start = polygon.indices.min { (polygon[$0].x + polygon[$0].y) < (polygon[$1].x + polygon[$1].y) }!
    return polygon.indices.map { polygon[(start + $0) % polygon.count] }
  }

  private static func area(_ polygon: [SIMD2<Double>]) -> Double {
    abs(polygon.indices.reduce(0) { $0 + cross(polygon[$1], polygon[($1 + 1) % polygon.count]) }) / 2
  }

  private static func cross(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { a.x * b.y - a.y * b.x }
}
