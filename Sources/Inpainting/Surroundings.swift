import Imaging

/// What a hole's surroundings look like: mean levels by place around it.
struct Surroundings {
  /// A grid over the hole's box and a margin, row-major; nil where nothing is known.
  private let cells: [SIMD4<Float>?]

  private static let side = 6
  private static let margin = 12

  init(of hole: Plane<UInt8>, in image: RGBImage) {
    let side = Surroundings.side
    guard let box = hole.boundingBox?.grown(by: Surroundings.margin).intersection(hole.bounds) else {
      cells = [SIMD4<Float>?](repeating: nil, count: side * side)
      return
    }
    let near = hole.cropped(to: box).spread(by: Surroundings.margin)
    var sums = [SIMD4<Float>](repeating: .zero, count: side * side)
    var counts = [Float](repeating: 0, count: side * side)
    for y in 0..<box.height {
      for x in 0..<box.width where near[x, y] != 0 && hole[x + box.x, y + box.y] == 0 {
        let cell = y * side / box.height * side + x * side / box.width
        sums[cell] += image.level(x + box.x, y + box.y)
        counts[cell] += 1
      }
    }
    cells = zip(sums, counts).map { $1 > 0 ? $0 / $1 : nil }
  }

  /// For each how far it is, in levels, from what all of them show in the middle of their range.
  static func oddness(_ looks: [Surroundings]) -> [Float] {
    var out = [Float](repeating: 0, count: looks.count)
    for cell in 0..<side * side {
      let known = looks.compactMap { $0.cells[cell] }
      guard !known.isEmpty else { continue }
      var typical = SIMD4<Float>.zero
      for lane in 0..<3 { typical[lane] = known.map { $0[lane] }.sorted()[known.count / 2] }
      for (index, look) in looks.enumerated() {
        guard let level = look.cells[cell] else { continue }
        out[index] += (level - typical).absoluteSum
      }
    }
    return out
  }
}
