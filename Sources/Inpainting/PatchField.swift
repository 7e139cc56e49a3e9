import CPixelKernels

/// For each target patch of a level, the source patch most like it that was found.
struct PatchField {
  /// Centre of the source patch, by position in the level's targets.
  var source: [Int32]
  var cost: [UInt32]
  private let width: Int
  private let height: Int
  /// Position in the targets of each pixel, -1 elsewhere.
  private let slot: [Int32]
  private let sources: [Int32]

  private init?(_ level: PatchLevel) {
    sources = level.isSource.indices.filter { level.isSource[$0] != 0 }.map { Int32(truncatingIfNeeded: $0) }
    guard !sources.isEmpty, !level.targets.isEmpty else { return nil }
    width = level.width
    height = level.height
    var slot = [Int32](repeating: -1, count: width * height)
    for (index, target) in level.targets.enumerated() { slot[Int(target)] = Int32(truncatingIfNeeded: index) }
    self.slot = slot
    source = []
    cost = [UInt32](repeating: .max, count: level.targets.count)
  }

  /// Random sources; nil where the level holds no whole source patch or nothing to fill.
  init?(random level: PatchLevel) {
    self.init(level)
    source = level.targets.map { sources[Int(PatchField.hash(UInt32(truncatingIfNeeded: $0))) % sources.count] }
  }

  /// The sources given, in the order of the level's targets; random ones where they are -1.
  init?(_ given: [Int32], for level: PatchLevel) {
    guard let random = PatchField(random: level) else { return nil }
    self = random
    for index in given.indices where given[index] >= 0 { source[index] = given[index] }
  }

  /// The coarser level's sources at twice the place.
  init?(upsampling coarse: PatchField, to level: PatchLevel) {
    self.init(level)
    source = level.targets.map { target in
      let (x, y) = (Int(target) % width, Int(target) / width)
      let (cx, cy) = (min(coarse.width - 1, x / 2), min(coarse.height - 1, y / 2))
      let near = coarse.nearestSlot(cx, cy)
      if near >= 0 {
        let from = Int(coarse.source[near])
        let sx = 2 * (from % coarse.width) + x - 2 * cx
        let sy = 2 * (from / coarse.width) + y - 2 * cy
        let place = sy * width + sx
        if sx >= 0, sy >= 0, sx < width, sy < height, level.isSource[place] != 0 {
          return Int32(truncatingIfNeeded: place)
        }
      }
      return sources[Int(PatchField.hash(UInt32(truncatingIfNeeded: target))) % sources.count]
    }
  }

  private func nearestSlot(_ x: Int, _ y: Int) -> Int {
    for radius in 0...2 {
      for dy in -radius...radius {
        for dx in -radius...radius {
          let (nx, ny) = (x + dx, y + dy)
          guard nx >= 0, ny >= 0, nx < width, ny < height else { continue }
          if slot[ny * width + nx] >= 0 { return Int(slot[ny * width + nx]) }
        }
      }
    }
    return -1
  }

  /// The cost that three quarters of the patches stay under: the scale of votes.
  var typicalCost: Float {
    let sorted = cost.sorted()
    return max(Float(sorted[sorted.count * 3 / 4]), 500)
  }

  /// The field with all costs equal, for a vote before the level holds a picture of its own.
  mutating func refreshed(in level: PatchLevel, from coarse: PatchLevel) -> PatchField {
    var copy = self
    copy.cost = [UInt32](repeating: 0, count: cost.count)
    return copy
  }

  /// Sweeps of propagation and random search, in turn from the top left and from the bottom right.
  mutating func improve(_ level: PatchLevel, sweeps: Int, seed: UInt32) {
    let kernel = cpk_fill_kernels().pointee.patch!
    let width = width
    level.bytes.withUnsafeBufferPointer { pixels in
      func distance(_ a: Int, _ b: Int, _ limit: UInt32) -> UInt32 {
        kernel(
          pixels.baseAddress, Int32(truncatingIfNeeded: width), Int32(truncatingIfNeeded: a % width),
          Int32(truncatingIfNeeded: a / width), Int32(truncatingIfNeeded: b % width),
          Int32(truncatingIfNeeded: b / width), limit)
      }
      for index in source.indices { cost[index] = distance(Int(level.targets[index]), Int(source[index]), .max) }
      for sweep in 0..<sweeps {
        let isBackward = sweep & 1 == 1
        for step in source.indices {
          let index = isBackward ? source.count - 1 - step : step
          let noise = PatchField.hash(
            UInt32(truncatingIfNeeded: index) &* 31 &+ seed &* 7919 &+ UInt32(sweep) &* 104729)
          improve(index, level, isBackward ? 1 : -1, noise, distance)
        }
      }
    }
  }

  @inline(__always)
  private mutating func improve(
    _ index: Int, _ level: PatchLevel, _ side: Int, _ noise: UInt32, _ distance: (Int, Int, UInt32) -> UInt32
  ) {
    let target = Int(level.targets[index])
    var (best, lowest) = (Int(source[index]), cost[index])
    func attempt(_ place: Int) {
      guard place >= 0, place < level.isSource.count, level.isSource[place] != 0, place != best else { return }
      let found = distance(target, place, lowest)
      if found < lowest { (best, lowest) = (place, found) }
    }
    for offset in [side, side * width] {
      let neighbour = target + offset
      guard neighbour >= 0, neighbour < slot.count, slot[neighbour] >= 0 else { continue }
      attempt(Int(source[Int(slot[neighbour])]) - offset)
    }
    var noise = noise
    var radius = max(width, height)
    while radius >= 1 {
      noise = PatchField.hash(noise)
      let span = UInt32(2 * radius + 1)
      let dx = Int(noise & 0xffff) % Int(span) - radius
      let dy = Int(noise >> 16) % Int(span) - radius
      let (x, y) = (best % width + dx, best / width + dy)
      if x >= 0, y >= 0, x < width, y < height { attempt(y * width + x) }
      radius /= 2
    }
    source[index] = Int32(truncatingIfNeeded: best)
    cost[index] = lowest
  }

  /// A well mixed function of its argument (Murmur3's finaliser).
  private static func hash(_ value: UInt32) -> UInt32 {
    var h = value &+ 0x9e37_79b9
    h = (h ^ (h >> 16)) &* 0x85eb_ca6b
    h = (h ^ (h >> 13)) &* 0xc2b2_ae35
    return h ^ (h >> 16)
  }
}
