/// A partition of the working image into small 4-connected regions that follow edges: compact watershed from a grid of
/// seeds (Neubert and Protzel 2014).
struct Superpixels: Sendable {
  /// Pixels a superpixel, about.
  static let meanArea = 165

  let width: Int
  let height: Int
  let count: Int
  /// The superpixel of each pixel, row-major.
  let labels: [Int32]

  private static let levels = 1024
  private static let unlabelled: Int32 = -1

  init(width: Int, height: Int, count: Int, labels: [Int32]) {
    self.width = width
    self.height = height
    self.count = count
    self.labels = labels
  }

  init(_ gradients: GradientScales) {
    let (width, height) = (gradients.width, gradients.height)
    let seeds = Superpixels.seeds(gradients)
    var labels = [Int32](repeating: Superpixels.unlabelled, count: width * height)
    var queue = BucketQueue(levels: Superpixels.levels, capacity: width * height)
    for (label, seed) in seeds.enumerated() {
      labels[seed] = Int32(label)
      queue.push(Int32(seed), level: 0)
    }
    let quantum = 16 / Float(1)
    let compactness = quantum * 0.12
    while let popped = queue.pop() {
      let p = Int(popped)
      let label = labels[p]
      let (x, y) = (p % width, p / width)
      let seed = seeds[Int(label)]
      let (seedX, seedY) = (seed % width, seed / width)
      func visit(_ q: Int, _ qx: Int, _ qy: Int) {
        guard labels[q] == Superpixels.unlabelled else { return }
        labels[q] = label
        let dx = Float(qx &- seedX)
        let dy = Float(qy &- seedY)
        let cost = quantum * gradients.samples[q].w + compactness * (dx * dx + dy * dy).squareRoot()
        queue.push(Int32(truncatingIfNeeded: q), level: min(Superpixels.levels - 1, Int(cost)))
      }
      if x > 0 { visit(p &- 1, x &- 1, y) }
      if x &+ 1 < width { visit(p &+ 1, x &+ 1, y) }
      if y > 0 { visit(p &- width, x, y &- 1) }
      if y &+ 1 < height { visit(p &+ width, x, y &+ 1) }
    }
    self.width = width
    self.height = height
    self.labels = labels
    count = seeds.count
  }

  /// A jittered grid: each seed at the flattest pixel near its node.
  private static func seeds(_ gradients: GradientScales) -> [Int] {
    let (width, height) = (gradients.width, gradients.height)
    let step = Float(meanArea).squareRoot()
    let columns = max(1, Int((Float(width) / step).rounded()))
    let rows = max(1, Int((Float(height) / step).rounded()))
    var seeds: [Int] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let x = (2 * column + 1) * width / (2 * columns)
        let y = (2 * row + 1) * height / (2 * rows)
        var best = y * width + x
        for v in max(0, y - 3)...min(height - 1, y + 3) {
          for u in max(0, x - 3)...min(width - 1, x + 3)
          where gradients.samples[v * width + u].w < gradients.samples[best].w {
            best = v * width + u
          }
        }
        seeds.append(best)
      }
    }
    // Two nodes of a thin image may slide to one pixel.
    var seen = Set<Int>()
    return seeds.filter { seen.insert($0).inserted }
  }
}

/// First in, first out within a level; the lowest level first. Levels may fall behind the one last popped.
struct BucketQueue {
  private var heads: [Int32]
  private var tails: [Int32]
  private var next: [Int32]
  private var cursor = 0

  /// Items are 0..<capacity, each queued at most once at a time.
  init(levels: Int, capacity: Int) {
    heads = [Int32](repeating: -1, count: levels)
    tails = heads
    next = [Int32](repeating: -1, count: capacity)
    cursor = levels
  }

  mutating func push(_ item: Int32, level: Int) {
    next[Int(item)] = -1
    if tails[level] >= 0 { next[Int(tails[level])] = item } else { heads[level] = item }
    tails[level] = item
    cursor = min(cursor, level)
  }

  mutating func pop() -> Int32? {
    while cursor < heads.count, heads[cursor] < 0 { cursor += 1 }
    guard cursor < heads.count else { return nil }
    let item = heads[cursor]
    heads[cursor] = next[Int(item)]
    if heads[cursor] < 0 { tails[cursor] = -1 }
    return item
  }
}
