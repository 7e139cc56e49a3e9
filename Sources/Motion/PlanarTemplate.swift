import Imaging

/// The target as the first frame shows it, at several scales, with all that alignment needs of it worked out once.
struct PlanarTemplate: Sendable {
  /// The target at one scale, sample by sample.
  struct Level: Sendable {
    let scale: Int
    /// Places in target coordinates: about -1…1.
    var places: [SIMD2<Float>] = []
    var values: [Float] = []
    /// Derivatives by the eight parameters of a homography near the identity, in target coordinates.
    var steps: [SIMD8<Float>] = []
    /// The block that each sample belongs to.
    var blocks: [Int32] = []
    /// Columns of blocks.
    let columns: Int
    /// The samples' cells in a grid of `grid` cells, row by row, and the way there from target coordinates.
    var cells: [Int32] = []
    let grid: SIMD2<Int>
    let toGrid: Homography
    /// Variance of each block's values.
    var blockVariances: [Float] = []
    var blockSizes: [Float] = []
  }

  let box: Region
  /// From the first frame's pixels to target coordinates.
  let toTarget: Homography
  /// Finest first.
  let levels: [Level]
  /// What the target is allowed to do: too small a one does not bear a homography.
  let model: Homography.Model

  private static let mostSamples = 12_000
  private static let leastWidth = 100
  private static let leastSamples = 48
  /// Samples across the narrow side that a coarse level needs: fewer do not bear an affine map.
  private static let leastAcross = 8

  /// Nil where the mask holds too little to follow.
  /// - Parameter model: by the target's size where nil.
  init?(_ image: RGBImage, mask: Plane<UInt8>, model: Homography.Model? = nil) {
    guard let box = mask.boundingBox else { return nil }
    self.box = box
    let half = Double(max(box.width, box.height)) / 2
    let center = SIMD2(Double(box.x) + Double(box.width - 1) / 2, Double(box.y) + Double(box.height - 1) / 2)
    toTarget = Homography([1 / half, 0, -center.x / half, 0, 1 / half, -center.y / half, 0, 0, 1])
    self.model = model ?? (box.width >= Self.leastWidth ? .homography : .affine)
    let region = box.grown(by: 8).intersection(image.bounds)
    let pyramid = LumaPyramid(image, region: region, levels: 6)
    var levels: [Level] = []
    for scale in pyramid.levels.indices {
      let area = mask.samples.reduce(0) { $0 + ($1 >= 128 ? 1 : 0) } >> (2 * scale)
      if area > Self.mostSamples, scale + 1 < pyramid.levels.count { continue }
      if !levels.isEmpty, min(box.width, box.height) >> scale < Self.leastAcross { break }
      if let level = Self.level(scale, pyramid, mask, toTarget, box) { levels.append(level) }
    }
    guard !levels.isEmpty else { return nil }
    self.levels = levels
  }

  private static func level(
    _ scale: Int, _ pyramid: LumaPyramid, _ mask: Plane<UInt8>, _ toTarget: Homography, _ box: Region
  ) -> Level? {
    guard let toFrame = pyramid.placement(level: scale).inverse else { return nil }
    let plane = pyramid.levels[scale]
    let toTarget = toTarget * toFrame
    // A block is about a thirtieth of the target.
    let side = max(4, (Double(box.width * box.height) / 30).squareRoot())
    let columns = max(1, Int((Double(box.width) / side).rounded()))
    let rows = max(1, Int((Double(box.height) / side).rounded()))
    guard let toGrid = toTarget.inverse else { return nil }
    var level = Level(scale: scale, columns: columns, grid: SIMD2(plane.width, plane.height), toGrid: toGrid)
    guard plane.width > 2, plane.height > 2 else { return nil }
    for y in 1..<plane.height - 1 {
      for x in 1..<plane.width - 1 {
        let pixel = toFrame.apply(SIMD2(Double(x), Double(y)))
        let (px, py) = (Int(pixel.x.rounded()), Int(pixel.y.rounded()))
        guard px >= box.x, py >= box.y, px < box.maxX, py < box.maxY, mask[px, py] >= 128 else { continue }
        let p = SIMD2<Float>(toTarget.apply(SIMD2(Double(x), Double(y))))
        let unit = Float(1 / toTarget.m[0])
        let gx = (plane[x + 1, y] - plane[x - 1, y]) * 0.5 * unit
        let gy = (plane[x, y + 1] - plane[x, y - 1]) * 0.5 * unit
        let radial = gx * p.x + gy * p.y
        level.places.append(p)
        level.values.append(plane[x, y])
        level.cells.append(Int32(y * plane.width + x))
        level.steps.append(SIMD8(gx * p.x, gx * p.y, gx, gy * p.x, gy * p.y, gy, -radial * p.x, -radial * p.y))
        level.blocks.append(
          Int32((py - box.y) * rows / box.height * columns + (px - box.x) * columns / box.width))
      }
    }
    guard level.values.count >= leastSamples else { return nil }
    level.measureBlocks(rows * columns)
    return level
  }
}

extension PlanarTemplate.Level {
  fileprivate mutating func measureBlocks(_ count: Int) {
    var (n, sum, square) = (
      [Float](repeating: 0, count: count), [Float](repeating: 0, count: count), [Float](repeating: 0, count: count)
    )
    for (value, block) in zip(values, blocks) {
      n[Int(block)] += 1
      sum[Int(block)] += value
      square[Int(block)] += value * value
    }
    blockSizes = n
    blockVariances = (0..<count).map {
      n[$0] > 0 ? max(0, square[$0] / n[$0] - (sum[$0] / n[$0]) * (sum[$0] / n[$0])) : 0
    }
  }
}
