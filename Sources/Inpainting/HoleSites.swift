import Imaging

/// The pixels to be solved for in one picture, or squares of `step` pixels a side, as indices `y * width + x` in row order.
struct HoleSites: Sendable {
  /// Of the picture, in steps.
  let width: Int
  let height: Int
  /// Pixels that a site is wide and high; those at the right and lower border may be cut.
  let step: Int
  let pixels: [Int32]
  /// Position in `pixels` of each pixel, -1 elsewhere.
  let slot: [Int32]
  /// The picture's last column and row.
  private let last: SIMD2<Float>

  init(_ mask: Plane<UInt8>) {
    self.init(mask, step: 1, limit: mask.bounds)
  }

  /// The squares that hold any pixel of `mask`.
  init(squaresOf mask: Plane<UInt8>, step: Int) {
    self.init(mask.squares(of: step), step: step, limit: mask.bounds)
  }

  private init(_ mask: Plane<UInt8>, step: Int, limit: Region) {
    width = mask.width
    height = mask.height
    self.step = step
    last = SIMD2(Float(limit.width - 1), Float(limit.height - 1))
    var pixels: [Int32] = []
    var slot = [Int32](repeating: -1, count: mask.samples.count)
    for (index, sample) in mask.samples.enumerated() where sample != 0 {
      slot[index] = Int32(truncatingIfNeeded: pixels.count)
      pixels.append(Int32(truncatingIfNeeded: index))
    }
    self.pixels = pixels
    self.slot = slot
  }

  var count: Int { pixels.count }

  func x(_ site: Int) -> Int { Int(pixels[site]) % width }
  func y(_ site: Int) -> Int { Int(pixels[site]) / width }

  /// The middle of a site in the picture.
  func place(_ site: Int) -> SIMD2<Float> {
    let middle = Float(step - 1) / 2
    return pointwiseMin(SIMD2(Float(x(site) * step) + middle, Float(y(site) * step) + middle), last)
  }

  /// The pixels, or squares, left, right, above and below; -1 beyond the picture's border.
  @inline(__always)
  func pixels(around site: Int) -> SIMD4<Int> {
    let pixel = Int(pixels[site])
    let (x, y) = (pixel % width, pixel / width)
    return SIMD4(
      x > 0 ? pixel - 1 : -1, x < width - 1 ? pixel + 1 : -1, y > 0 ? pixel - width : -1,
      y < height - 1 ? pixel + width : -1)
  }

  /// The sites left, right, above and below; -1 where there is none.
  @inline(__always)
  func neighbours(_ site: Int) -> SIMD4<Int> {
    let around = pixels(around: site)
    var sites = SIMD4(repeating: -1)
    for side in 0..<4 where around[side] >= 0 { sites[side] = Int(slot[around[side]]) }
    return sites
  }

  /// What stands for each square, for each pixel of the squares.
  func spread(_ values: [Int32], over pixels: HoleSites) -> [Int32] {
    (0..<pixels.count).map { values[site(holding: pixels.x($0), pixels.y($0))] }
  }

  /// The site that holds a pixel of the picture; -1 where there is none.
  @inline(__always)
  func site(holding column: Int, _ row: Int) -> Int { Int(slot[row / step * width + column / step]) }

  /// Positions in `pixels` whose x + y is even, then those whose it is odd: no two of a group are neighbours.
  var checkerboard: [[Int]] {
    var groups: [[Int]] = [[], []]
    for site in 0..<count { groups[(x(site) + y(site)) & 1].append(site) }
    return groups
  }
}

extension Plane where Sample == UInt8 {
  /// 255 within `radius` pixels across and down of any sample above 0, 0 elsewhere.
  func spread(by radius: Int) -> Plane<UInt8> {
    guard radius > 0 else { return map { $0 == 0 ? 0 : 255 } }
    var across = [UInt8](repeating: 0, count: samples.count)
    for y in 0..<height {
      for x in 0..<width where samples[y * width + x] != 0 {
        // Inside a run only its end writes to the right.
        let isEnd = x == width - 1 || samples[y * width + x + 1] == 0
        let isStart = x == 0 || samples[y * width + x - 1] == 0
        let from = isStart ? Swift.max(0, x - radius) : x
        let to = isEnd ? Swift.min(width - 1, x + radius) : x
        for column in from...to { across[y * width + column] = 255 }
      }
    }
    var out = across
    for y in 0..<height {
      for x in 0..<width where across[y * width + x] != 0 {
        if y > 0, across[(y - 1) * width + x] == 0 {
          for row in Swift.max(0, y - radius)..<y { out[row * width + x] = 255 }
        }
        if y < height - 1, across[(y + 1) * width + x] == 0 {
          for row in y + 1..<Swift.min(height, y + 1 + radius) { out[row * width + x] = 255 }
        }
      }
    }
    return Plane(width: width, height: height, samples: out)
  }

  /// 255 for each square of `step` pixels a side that holds a sample above 0.
  func squares(of step: Int) -> Plane<UInt8> {
    var out = Plane<UInt8>(width: (width + step - 1) / step, height: (height + step - 1) / step, repeating: 0)
    for y in 0..<height {
      for x in 0..<width where samples[y * width + x] != 0 { out[x / step, y / step] = 255 }
    }
    return out
  }

  /// Whether nine tenths of what either covers is covered by both. Both have one size.
  func isNearly(_ other: Plane<UInt8>) -> Bool {
    var (both, either) = (0, 0)
    for index in samples.indices {
      let (a, b) = (samples[index] != 0, other.samples[index] != 0)
      both += a && b ? 1 : 0
      either += a || b ? 1 : 0
    }
    return 10 * both >= 9 * either
  }

  /// 255 where either plane is above 0. Both have one size.
  func united(with other: Plane<UInt8>) -> Plane<UInt8> {
    var out = self
    for index in samples.indices where other.samples[index] != 0 { out.samples[index] = 255 }
    return out
  }
}
