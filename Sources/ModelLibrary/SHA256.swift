import Foundation

/// The hash that authors publish for their files (FIPS 180-4).
public struct SHA256 {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  public init() {}

  /// Hex digits of a file's hash; nil where it cannot be read.
  public static func of(file path: String) -> String? {
    guard let file = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? file.close() }
    var hash = SHA256()
    while let data = try? file.read(upToCount: 1 << 20), !data.isEmpty { hash.update(Array(data)) }
    return hash.finish()
  }

  public mutating func update(_ bytes: [UInt8]) {
    length += UInt64(bytes.count)
    pending.append(contentsOf: bytes)
    let whole = pending.count / 64 * 64
    pending.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: whole, by: 64) { Self.compress(&state, bytes, start) }
    }
    pending.removeFirst(whole)
  }

  /// The hash as 64 hex digits.
  public consuming func finish() -> String {
    let bits = length &* 8
    update([0x80])
    update([UInt8](repeating: 0, count: (120 - pending.count % 64) % 64))
    update(withUnsafeBytes(of: bits.bigEndian, Array.init))
    return state.map { word in String(format: "%08x", word) }.joined()
  }

  private static func compress(_ state: inout [UInt32], _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) {
    func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { words in
      for index in 0..<16 {
        words[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(bytes[start + 4 * index + $1]) }
      }
      for index in 16..<64 {
        let (near, far) = (words[index - 15], words[index - 2])
        let first = rotate(near, 7) ^ rotate(near, 18) ^ near >> 3
        let second = rotate(far, 17) ^ rotate(far, 19) ^ far >> 10
        words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
      }
      var v = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7])
      for index in 0..<64 {
        let choice = v.4 & v.5 ^ ~v.4 & v.6
        let first =
          v.7 &+ (rotate(v.4, 6) ^ rotate(v.4, 11) ^ rotate(v.4, 25)) &+ choice &+ rounds[index] &+ words[index]
        let majority = v.0 & v.1 ^ v.0 & v.2 ^ v.1 & v.2
        let second = (rotate(v.0, 2) ^ rotate(v.0, 13) ^ rotate(v.0, 22)) &+ majority
        v = (first &+ second, v.0, v.1, v.2, v.3 &+ first, v.4, v.5, v.6)
      }
      for (index, word) in [v.0, v.1, v.2, v.3, v.4, v.5, v.6, v.7].enumerated() { state[index] &+= word }
    }
  }

  /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
  private static let rounds: [UInt32] = {
    var primes: [Int] = []
    var candidate = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { prime in
      // The integer cube root of prime * 2^96, of which the low 32 bits are wanted, by bisection in 128 bits.
      var (low, high) = (UInt64(0), UInt64(1) << 36)
      while high - low > 1 {
        let middle = (low + high) / 2
        if isCube(of: middle, atMost: UInt64(prime)) { low = middle } else { high = middle }
      }
      return UInt32(truncatingIfNeeded: low)
    }
  }()

  /// Whether root^3 <= prime * 2^96.
  private static func isCube(of root: UInt64, atMost prime: UInt64) -> Bool {
    let square = UInt128(root) * UInt128(root)
    let (product, overflow) = square.multipliedReportingOverflow(by: UInt128(root))
    return !overflow && product <= UInt128(prime) << 96
  }
}
