import CPixelKernels

/// How far apart a picture repeats itself: the commonest shifts between patches and those most like them (He and Sun
/// 2012). What is woven, tiled or printed in rows is continued by them where no search by chance would find the period.
enum PatchRepeats {
  /// Queries, about; sources looked at for each; and shifts given.
  private static let queries = 300
  private static let candidates = 4000
  private static let count = 40
  /// Pixels nearer than which a patch is like itself.
  private static let nearest = 8

  static func find(in level: PatchLevel) -> [SIMD2<Int>] {
    let sources = level.isSource.indices.filter { level.isSource[$0] != 0 }
    guard sources.count > 64 else { return [] }
    let votes = votes(level, sources)
    let (width, height) = (2 * level.width + 1, 2 * level.height + 1)
    var found: [(votes: Int, shift: SIMD2<Int>)] = []
    for (index, sum) in boxed(votes, width: width, height: height).enumerated() where sum > 1 {
      found.append((sum, SIMD2(index % width - level.width, index / width - level.height)))
    }
    found.sort { ($0.votes, $1.shift.y, $1.shift.x) > ($1.votes, $0.shift.y, $0.shift.x) }
    var shifts: [SIMD2<Int>] = []
    for candidate in found where shifts.count < count {
      let isNew = shifts.allSatisfy { max(abs($0.x - candidate.shift.x), abs($0.y - candidate.shift.y)) > 1 }
      if isNew { shifts.append(candidate.shift) }
    }
    return shifts
  }

  /// For each shift how many patches have their like there, both ways.
  private static func votes(_ level: PatchLevel, _ sources: [Int]) -> [Int] {
    let kernel = cpk_fill_kernels().pointee.patch!
    let (width, span) = (level.width, 2 * level.width + 1)
    let step = max(1, sources.count / queries)
    let stride = max(1, sources.count / candidates)
    var votes = [Int](repeating: 0, count: span * (2 * level.height + 1))
    level.bytes.withUnsafeBufferPointer { pixels in
      for query in Swift.stride(from: step / 2, to: sources.count, by: step) {
        let (x, y) = (sources[query] % width, sources[query] / width)
        var lowest = UInt32.max
        var best = SIMD2(0, 0)
        for index in Swift.stride(from: query % stride, to: sources.count, by: stride) {
          let (sx, sy) = (sources[index] % width, sources[index] / width)
          guard max(abs(sx - x), abs(sy - y)) >= nearest else { continue }
          let cost = kernel(
            pixels.baseAddress, Int32(truncatingIfNeeded: width), Int32(truncatingIfNeeded: x),
            Int32(truncatingIfNeeded: y), Int32(truncatingIfNeeded: sx), Int32(truncatingIfNeeded: sy), lowest)
          if cost < lowest { (lowest, best) = (cost, SIMD2(sx - x, sy - y)) }
        }
        guard lowest < .max else { continue }
        votes[(best.y + level.height) * span + best.x + width] += 1
        votes[(level.height - best.y) * span + width - best.x] += 1
      }
    }
    return votes
  }

  /// Sums over 3x3, the middle counting most: next to a sharp peak is not on it.
  private static func boxed(_ votes: [Int], width: Int, height: Int) -> [Int] {
    var out = votes
    for y in 1..<height - 1 {
      for x in 1..<width - 1 {
        var sum = 3 * votes[y * width + x]
        for dy in -1...1 { for dx in -1...1 { sum += votes[(y + dy) * width + x + dx] } }
        out[y * width + x] = sum
      }
    }
    return out
  }
}
