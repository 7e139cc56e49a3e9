import TestSupport

/// Changes a file as damage, cut downloads and malice do; the same for the same seed.
struct Mutation {
  private var random: RandomBytes

  init(seed: UInt64) { random = RandomBytes(seed: seed) }

  /// Sizes that go wrong where they are added, multiplied or taken for offsets.
  private static let extremes: [UInt64] = [
    0, 1, 0x7f, 0x80, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, .max,
  ]

  mutating func apply(to original: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...random.next(below: 4) {
      guard !bytes.isEmpty else { return other }
      switch random.next(below: 8) {
      case 0: bytes = Array(bytes.prefix(random.next(below: bytes.count)))
      case 1: overwrite(&bytes, width: [1, 2, 4, 8][random.next(below: 4)])
      case 2: move(&bytes, from: bytes)
      case 3: move(&bytes, from: other)
      case 4: bytes.insert(UInt8(random.next(below: 256)), at: place(bytes))
      case 5: bytes.remove(at: place(bytes))
      case 6: bytes[place(bytes)] ^= 1 << UInt8(random.next(below: 8))
      default: bytes[place(bytes)] = UInt8(random.next(below: 256))
      }
    }
    return bytes
  }

  /// Half of all changes go to the first kilobyte, where headers and instructions are.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    random.next(below: random.next(below: 2) == 0 ? min(1024, bytes.count) : bytes.count)
  }

  private mutating func overwrite(_ bytes: inout [UInt8], width: Int) {
    let value = Self.extremes[random.next(below: Self.extremes.count)]
    let start = place(bytes)
    for index in 0..<width where start + index < bytes.count {
      bytes[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  private mutating func move(_ bytes: inout [UInt8], from source: [UInt8]) {
    guard !source.isEmpty else { return }
    let start = random.next(below: source.count)
    let piece = source[start..<min(source.count, start + 1 + random.next(below: 64))]
    let target = place(bytes)
    bytes.replaceSubrange(target..<min(bytes.count, target + piece.count), with: piece)
  }
}
