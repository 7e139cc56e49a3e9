import Foundation
import TestSupport
import Testing

struct ToneTests {
  @Test func aToneHasItsFrequencyInBothChannels() {
    let samples = Tone(frequency: 440, sampleRate: 48000, channels: 2).samples(seconds: 1)
    #expect(samples.count == 96000)
    let left = stride(from: 0, to: samples.count, by: 2).map { samples[$0] }
    let right = stride(from: 1, to: samples.count, by: 2).map { samples[$0] }
    #expect(left == right)
    let rises = zip(left, left.dropFirst()).filter { $0.0 < 0 && $0.1 >= 0 }.count
    #expect(abs(rises - 440) <= 1)
  }

  @Test func aWaveFileSaysHowLongItIs() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "tone-\(UUID().uuidString).wav").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Tone(frequency: 440, sampleRate: 8000, channels: 1).writeWave(seconds: 0.5, to: path)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(bytes.count == 44 + 8000)
    #expect(Array(bytes[0..<4]) == Array("RIFF".utf8))
    #expect(bytes[40] == 0x40 && bytes[41] == 0x1F)
  }
}
