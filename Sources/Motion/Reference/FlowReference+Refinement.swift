import Imaging

extension FlowReference {
  /// The variational refinement of a flow at one scale, everything seen.
  public static func refined(
    _ flow: FlowField, from: Plane<Float>, to: Plane<Float>, rounds: Int, sweeps: Int, omega: Float
  ) -> FlowField {
    let constraints = linearised(flow, from: from, to: to)
    var sought = flow
    for _ in 0..<rounds {
      let edges = Edges(sought)
      let system = weighted(constraints, at: flow, sought, edges)
      for _ in 0..<sweeps {
        for colour in 0..<2 { relax(&sought, system, edges, omega, colour) }
      }
    }
    return sought
  }

  /// a * du + b * dv + c = 0.
  private struct Constraint {
    var a: Float, b: Float, c: Float

    init(_ a: Float, _ b: Float, _ c: Float, seen: Float) {
      let scale = seen / (a * a + b * b + 0.01).squareRoot()
      (self.a, self.b, self.c) = (a * scale, b * scale, c * scale)
    }
  }

  /// Brightness, and its two derivatives, for each sample.
  private static func linearised(_ flow: FlowField, from: Plane<Float>, to: Plane<Float>) -> [[Constraint]] {
    var (mean, change) = (from, from)
    var seen = Plane<Float>(width: from.width, height: from.height, repeating: 0)
    let (right, bottom) = (Float(to.width - 1), Float(to.height - 1))
    for y in 0..<from.height {
      for x in 0..<from.width {
        let place = SIMD2(Float(x), Float(y)) + flow[x, y]
        let (px, py) = (min(max(place.x, -1), right + 1), min(max(place.y, -1), bottom + 1))
        let (ix, iy) = (Int(px + 1) - 1, Int(py + 1) - 1)
        let (fx, fy) = (px - Float(ix), py - Float(iy))
        func across(_ row: Int) -> Float {
          to.clamped(ix, row) + (to.clamped(ix + 1, row) - to.clamped(ix, row)) * fx
        }
        let (upper, lower) = (across(iy), across(iy + 1))
        let fetched = upper + (lower - upper) * fy
        mean[x, y] = (from[x, y] + fetched) * 0.5
        change[x, y] = fetched - from[x, y]
        seen[x, y] = place.x >= 0 && place.y >= 0 && place.x <= right && place.y <= bottom ? 1 : 0
      }
    }
    let (ix, iy, tx, ty) = (derived(mean, 1, 0), derived(mean, 0, 1), derived(change, 1, 0), derived(change, 0, 1))
    let (xx, xy, yy) = (derived(ix, 1, 0), derived(ix, 0, 1), derived(iy, 0, 1))
    return from.samples.indices.map { i in
      let s = seen.samples[i]
      return [
        Constraint(ix.samples[i], iy.samples[i], change.samples[i], seen: s),
        Constraint(xx.samples[i], xy.samples[i], tx.samples[i], seen: s),
        Constraint(xy.samples[i], yy.samples[i], ty.samples[i], seen: s),
      ]
    }
  }

  private static func derived(_ plane: Plane<Float>, _ dx: Int, _ dy: Int) -> Plane<Float> {
    var out = plane
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        func at(_ k: Int) -> Float { plane.clamped(x + k * dx, y + k * dy) }
        out[x, y] = (at(1) - at(-1)) * (8 / 12) - (at(2) - at(-2)) * (1 / 12)
      }
    }
    return out
  }

  /// Smoothness weights of the edges to the right of each sample and below it; none lead out of the picture.
  private struct Edges {
    var right: Plane<Float>
    var down: Plane<Float>

    init(_ flow: FlowField) {
      right = Plane(width: flow.width, height: flow.height, repeating: 0)
      down = right
      for y in 0..<flow.height {
        for x in 0..<flow.width {
          let across = flow[min(x + 1, flow.width - 1), y] - flow[x, y]
          let below = flow[x, min(y + 1, flow.height - 1)] - flow[x, y]
          let steepness = (across.x * across.x + across.y * across.y) + (below.x * below.x + below.y * below.y)
          let weight = 20 / (steepness + 1e-6).squareRoot()
          right[x, y] = x < flow.width - 1 ? weight : 0
          down[x, y] = y < flow.height - 1 ? weight : 0
        }
      }
    }

    func left(_ x: Int, _ y: Int) -> Float { x > 0 ? right[x - 1, y] : 0 }
    func up(_ x: Int, _ y: Int) -> Float { y > 0 ? down[x, y - 1] : 0 }
  }

  private struct Equation {
    var a12: Float, c1: Float, c2: Float, inverse1: Float, inverse2: Float
  }

  private static func weighted(
    _ constraints: [[Constraint]], at start: FlowField, _ sought: FlowField, _ edges: Edges
  ) -> [Equation] {
    constraints.indices.map { i in
      let (light, gx, gy) = (constraints[i][0], constraints[i][1], constraints[i][2])
      let (from, d) = (start.vectors[i], sought.vectors[i] - start.vectors[i])
      func rest(_ k: Constraint) -> Float { k.a * d.x + k.b * d.y + k.c }
      var w = 5 / (rest(light) * rest(light) + 1e-6).squareRoot()
      var (a11, a12, a22) = (w * light.a * light.a, w * light.a * light.b, w * light.b * light.b)
      var (b1, b2) = (w * light.a * light.c, w * light.b * light.c)
      w = 10 / ((rest(gx) * rest(gx) + rest(gy) * rest(gy)) + 1e-6).squareRoot()
      a11 += w * (gx.a * gx.a + gy.a * gy.a)
      a12 += w * (gx.a * gx.b + gy.a * gy.b)
      a22 += w * (gx.b * gx.b + gy.b * gy.b)
      b1 += w * (gx.a * gx.c + gy.a * gy.c)
      b2 += w * (gx.b * gx.c + gy.b * gy.c)
      let (x, y) = (i % start.width, i / start.width)
      let around = ((edges.right[x, y] + edges.left(x, y)) + (edges.down[x, y] + edges.up(x, y))) + 1e-6
      return Equation(
        a12: a12, c1: a11 * from.x + a12 * from.y - b1, c2: a12 * from.x + a22 * from.y - b2,
        inverse1: 1 / (a11 + around), inverse2: 1 / (a22 + around))
    }
  }

  private static func relax(
    _ flow: inout FlowField, _ system: [Equation], _ edges: Edges, _ omega: Float, _ colour: Int
  ) {
    let (right, bottom) = (flow.width - 1, flow.height - 1)
    for y in 0..<flow.height {
      for x in 0..<flow.width where (x + y) % 2 == colour {
        let e = system[y * flow.width + x]
        let across =
          edges.right[x, y] * flow[min(x + 1, right), y] + edges.left(x, y) * flow[max(x - 1, 0), y]
        let along = edges.down[x, y] * flow[x, min(y + 1, bottom)] + edges.up(x, y) * flow[x, max(y - 1, 0)]
        let pull = across + along
        let old = flow[x, y]
        let u = old.x + ((e.c1 - e.a12 * old.y + pull.x) * e.inverse1 - old.x) * omega
        let v = old.y + ((e.c2 - e.a12 * u + pull.y) * e.inverse2 - old.y) * omega
        flow[x, y] = SIMD2(u, v)
      }
    }
  }
}
