import Foundation

/// Changes to the bytes of files: what damages and disguises media in tests.
public enum ByteSurgery {
  public static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  public static func write(_ bytes: some Sequence<UInt8>, _ path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  /// Flips `count` bytes to other values, the same ones for the same seed.
  public static func flipped(_ bytes: [UInt8], count: Int, seed: UInt64) -> [UInt8] {
    var (bytes, random) = (bytes, RandomBytes(seed: seed))
    guard !bytes.isEmpty else { return bytes }
    for _ in 0..<count {
      let place = random.next(below: bytes.count)
      bytes[place] ^= UInt8(1 + random.next(below: 255))
    }
    return bytes
  }

  /// Fills a range with noise.
  public static func scrambled(_ bytes: [UInt8], _ range: Range<Int>, seed: UInt64) -> [UInt8] {
    var (bytes, random) = (bytes, RandomBytes(seed: seed))
    for place in range.clamped(to: bytes.indices) { bytes[place] = UInt8(random.next(below: 256)) }
    return bytes
  }

  /// Boxes of an MP4 file, containers before their content.
  public static func boxes(_ bytes: [UInt8]) -> [(kind: String, offset: Int, size: Int)] {
    boxes(bytes, bytes.indices)
  }

  private static let containers: Set<String> = ["moov", "trak", "mdia", "minf", "stbl", "edts", "dinf", "udta"]

  private static func boxes(_ bytes: [UInt8], _ range: Range<Int>) -> [(kind: String, offset: Int, size: Int)] {
    var (found, offset): ([(kind: String, offset: Int, size: Int)], Int) = ([], range.lowerBound)
    while offset + 8 <= range.upperBound {
      let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      let kind = String(decoding: bytes[offset + 4..<offset + 8], as: UTF8.self)
      guard size >= 8, offset + size <= range.upperBound else { break }
      found.append((kind, offset, size))
      if containers.contains(kind) { found += boxes(bytes, offset + 8..<offset + size) }
      offset += size
    }
    return found
  }
}

/// A small generator, the same on every machine (Knuth's MMIX constants).
public struct RandomBytes {
  private var state: UInt64

  public init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

  public mutating func next(below bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(1, bound)
  }
}
