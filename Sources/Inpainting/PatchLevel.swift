import Imaging

/// One scale of a picture that patch completion works on.
struct PatchLevel {
  static let radius = 3

  let width: Int
  let height: Int
  /// R'G'B' and, in the last lane, how much texture there is around the pixel.
  private(set) var levels: [SIMD4<Float>]
  /// Not 0 where a colour is sought.
  let sought: [UInt8]
  /// The same picture as bytes, for matching.
  private(set) var bytes: [UInt8]
  /// Centres of patches that touch a sought pixel, in row order.
  let targets: [Int32]
  /// Not 0 at centres of patches that are wholly known.
  let isSource: [UInt8]
  /// How far each pixel is trusted in votes: less with the distance from what is known.
  let trust: [Float]

  init(width: Int, height: Int, levels: [SIMD4<Float>], sought: [UInt8]) {
    self.width = width
    self.height = height
    self.levels = levels
    self.sought = sought
    bytes = levels.flatMap { PatchLevel.quantized($0) }
    let radius = PatchLevel.radius
    let near = Plane(width: width, height: height, samples: sought).spread(by: radius).samples
    var targets: [Int32] = []
    var isSource = [UInt8](repeating: 0, count: width * height)
    for y in radius..<max(radius, height - radius) {
      for x in radius..<max(radius, width - radius) {
        let index = y * width + x
        if near[index] != 0 { targets.append(Int32(truncatingIfNeeded: index)) } else { isSource[index] = 1 }
      }
    }
    self.targets = targets
    self.isSource = isSource
    trust = PatchLevel.trust(sought, width: width, height: height)
  }

  private static func quantized(_ level: SIMD4<Float>) -> [UInt8] {
    (0..<4).map { UInt8(min(255, max(0, level[$0]) + 0.5)) }
  }

  /// 1.3^-d with d the city-block distance to the nearest pixel that is not sought, at least 0.02.
  private static func trust(_ sought: [UInt8], width: Int, height: Int) -> [Float] {
    var trust = sought.map { $0 == 0 ? Float(1) : 0 }
    for y in 0..<height {
      for x in 0..<width where sought[y * width + x] != 0 {
        let index = y * width + x
        trust[index] = max(0.02, max(x > 0 ? trust[index - 1] : 0, y > 0 ? trust[index - width] : 0) / 1.3)
      }
    }
    for y in (0..<height).reversed() {
      for x in (0..<width).reversed() where sought[y * width + x] != 0 {
        let index = y * width + x
        let ahead = max(x < width - 1 ? trust[index + 1] : 0, y < height - 1 ? trust[index + width] : 0)
        trust[index] = max(trust[index], ahead / 1.3)
      }
    }
    return trust
  }

  /// The sought pixels as a mask.
  var mask: Plane<UInt8> { Plane(width: width, height: height, samples: sought) }

  /// What is known at an index, which may lie beyond the picture.
  func known(_ index: Int) -> SIMD4<Float>? {
    sought.indices.contains(index) && sought[index] == 0 ? levels[index] : nil
  }

  /// Whether the pixel (x, y) lies within and may be copied.
  func isKnown(_ x: Int, _ y: Int) -> Bool {
    guard x >= 0, y >= 0, x < width, y < height else { return false }
    return sought[y * width + x] == 0
  }

  mutating func set(_ pixel: Int, _ level: SIMD4<Float>) {
    levels[pixel] = level
    for (lane, byte) in PatchLevel.quantized(level).enumerated() { bytes[4 * pixel + lane] = byte }
  }

  /// How many pixels are sought.
  var soughtCount: Int { sought.count { $0 != 0 } }

  /// Half the size: known pixels averaged, a pixel sought where most of its children are.
  func halved() -> PatchLevel {
    let (w, h) = (width / 2, height / 2)
    var levels = [SIMD4<Float>](repeating: .zero, count: w * h)
    var sought = [UInt8](repeating: 0, count: w * h)
    for y in 0..<h {
      for x in 0..<w {
        let children = SIMD4(0, 1, width, width + 1) &+ (2 * y * width + 2 * x)
        var sum = SIMD4<Float>.zero
        var all = SIMD4<Float>.zero
        var known: Float = 0
        for k in 0..<4 {
          all += self.levels[children[k]]
          guard self.sought[children[k]] == 0 else { continue }
          sum += self.levels[children[k]]
          known += 1
        }
        levels[y * w + x] = known > 0 ? sum / known : all / 4
        if known < 2 { sought[y * w + x] = 1 }
      }
    }
    return PatchLevel(width: w, height: h, levels: levels, sought: sought)
  }

  /// Gives each sought pixel the weighted mean of what the patches over it say.
  mutating func vote(_ field: PatchField) {
    let radius = PatchLevel.radius
    var sums = [SIMD4<Float>](repeating: .zero, count: width * height)
    var weights = [Float](repeating: 0, count: width * height)
    let scale = field.typicalCost
    for (index, target) in targets.enumerated() {
      let (t, s) = (Int(target), Int(field.source[index]))
      let likeness = exp2Fast(-Float(field.cost[index]) / scale) * trust[t]
      for dy in -radius...radius {
        for dx in -radius...radius {
          let pixel = t + dy * width + dx
          guard sought[pixel] != 0 else { continue }
          sums[pixel] += levels[s + dy * width + dx] * likeness
          weights[pixel] += likeness
        }
      }
    }
    for pixel in sums.indices where weights[pixel] > 0 {
      set(pixel, sums[pixel] / weights[pixel])
    }
  }

  /// 2^x for x <= 0 by a rational fall that needs no library call and is the same on every machine.
  private func exp2Fast(_ x: Float) -> Float {
    let y = 1 - x * 0.35
    let square = y * y
    return 1 / (square * square) + 1e-6
  }
}
