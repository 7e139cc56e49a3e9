import Foundation

/// A sine as 16-bit PCM: sound whose every sample is known.
public struct Tone: Sendable {
  public var frequency: Double
  public var sampleRate: Int
  public var channels: Int

  public init(frequency: Double = 440, sampleRate: Int = 48000, channels: Int = 2) {
    self.frequency = frequency
    self.sampleRate = sampleRate
    self.channels = channels
  }

  /// Interleaved samples, at a quarter of full scale.
  public func samples(seconds: Double) -> [Int16] {
    let count = Int((seconds * Double(sampleRate)).rounded())
    var out: [Int16] = []
    out.reserveCapacity(count * channels)
    for n in 0..<count {
      let level = Int16((8192 * sin(2 * .pi * frequency * Double(n) / Double(sampleRate))).rounded())
      for _ in 0..<channels { out.append(level) }
    }
    return out
  }

  /// Writes a RIFF/WAVE file of 16-bit PCM.
  public func writeWave(seconds: Double, to path: String) throws {
    let body = samples(seconds: seconds)
    let size = UInt32(body.count * 2)
    var data = Data("RIFF".utf8)
    let append = { (value: UInt32, bytes: Int) in
      for shift in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
    append(36 + size, 4)
    data.append(Data("WAVEfmt ".utf8))
    append(16, 4)
    append(1, 2)
    append(UInt32(channels), 2)
    append(UInt32(sampleRate), 4)
    append(UInt32(sampleRate * channels * 2), 4)
    append(UInt32(channels * 2), 2)
    append(16, 2)
    data.append(Data("data".utf8))
    append(size, 4)
    for sample in body { append(UInt32(UInt16(bitPattern: sample)), 2) }
    try data.write(to: URL(fileURLWithPath: path))
  }
}
