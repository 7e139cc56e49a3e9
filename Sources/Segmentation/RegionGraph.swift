/// Superpixels and which of them touch.
struct RegionGraph: Sendable {
  struct Edge: Sendable {
    var a: Int32
    var b: Int32
    var boundary: Boundary
  }

  let superpixels: Superpixels
  private(set) var regions: [RegionStatistics]
  private(set) var edges: [Edge]
  /// Edges at region r: `incidence[offsets[r]..<offsets[r + 1]]`.
  let offsets: [Int32]
  let incidence: [Int32]

  var count: Int { regions.count }
  /// The regions along the frame's sides.
  var borderRegions: [Int] { regions.indices.filter { regions[$0].border.sum() > 0 } }

  init(superpixels: Superpixels, gradients: GradientScales) {
    self.superpixels = superpixels
    regions = RegionGraph.statistics(superpixels, gradients)
    edges = RegionGraph.edges(superpixels, gradients)
    (offsets, incidence) = RegionGraph.incidence(edges, count: superpixels.count)
    for i in edges.indices {
      let pair = PairFeatures(
        regions[Int(edges[i].a)], regions[Int(edges[i].b)], boundary: edges[i].boundary)
      edges[i].boundary.sums[6] = edges[i].boundary.length * pair.edgeProbability
    }
    for edge in edges {
      regions[Int(edge.a)].contour = regions[Int(edge.a)].contour + edge.boundary
      regions[Int(edge.b)].contour = regions[Int(edge.b)].contour + edge.boundary
    }
  }

  func neighbour(of region: Int, over edge: Int32) -> Int {
    let e = edges[Int(edge)]
    return Int(e.a) == region ? Int(e.b) : Int(e.a)
  }

  /// Which superpixels hang together with `starts` by way of those that are in; the starts have to be in themselves.
  func connected(to starts: [Int], where isIn: (Int) -> Bool) -> [Bool] {
    var labels = [Bool](repeating: false, count: count)
    var front = starts.filter(isIn)
    for region in front { labels[region] = true }
    while let region = front.popLast() {
      for edge in edges(at: region) {
        let other = neighbour(of: region, over: edge)
        guard !labels[other], isIn(other) else { continue }
        labels[other] = true
        front.append(other)
      }
    }
    return labels
  }

  func edges(at region: Int) -> ArraySlice<Int32> {
    incidence[Int(offsets[region])..<Int(offsets[region + 1])]
  }

  private static func statistics(_ superpixels: Superpixels, _ gradients: GradientScales) -> [RegionStatistics] {
    var regions = [RegionStatistics](repeating: RegionStatistics(), count: superpixels.count)
    let (width, height) = (superpixels.width, superpixels.height)
    var i = 0
    for y in 0..<height {
      for x in 0..<width {
        let r = Int(superpixels.labels[i])
        regions[r].add(
          x: Float(x), y: Float(y), color: gradients.smoothed.color(at: i), gradient: gradients.samples[i])
        if x == 0 { regions[r].border.x += 1 }
        if y == 0 { regions[r].border.y += 1 }
        if x == width - 1 { regions[r].border.z += 1 }
        if y == height - 1 { regions[r].border.w += 1 }
        i += 1
      }
    }
    return regions
  }

  private static func edges(_ superpixels: Superpixels, _ gradients: GradientScales) -> [Edge] {
    var edges: [Edge] = []
    var known = [[(other: Int32, edge: Int32)]](repeating: [], count: superpixels.count)
    let (width, height) = (superpixels.width, superpixels.height)
    let labels = superpixels.labels
    func join(_ p: Int, _ q: Int) {
      guard labels[p] != labels[q] else { return }
      let a = min(labels[p], labels[q])
      let b = max(labels[p], labels[q])
      let edge: Int
      if let found = known[Int(a)].first(where: { $0.other == b }) {
        edge = Int(found.edge)
      } else {
        edge = edges.count
        known[Int(a)].append((b, Int32(edge)))
        edges.append(Edge(a: a, b: b, boundary: .zero))
      }
      edges[edge].boundary.add(pointwiseMax(gradients.samples[p], gradients.samples[q]))
    }
    for y in 0..<height {
      for x in 0..<width {
        let p = y * width + x
        if x + 1 < width { join(p, p + 1) }
        if y + 1 < height { join(p, p + width) }
      }
    }
    return edges
  }

  private static func incidence(_ edges: [Edge], count: Int) -> (offsets: [Int32], incidence: [Int32]) {
    var offsets = [Int32](repeating: 0, count: count + 1)
    for edge in edges {
      offsets[Int(edge.a) + 1] += 1
      offsets[Int(edge.b) + 1] += 1
    }
    for r in 0..<count { offsets[r + 1] += offsets[r] }
    var cursor = offsets
    var incidence = [Int32](repeating: 0, count: edges.count * 2)
    for (i, edge) in edges.enumerated() {
      for r in [Int(edge.a), Int(edge.b)] {
        incidence[Int(cursor[r])] = Int32(i)
        cursor[r] += 1
      }
    }
    return (offsets, incidence)
  }
}
