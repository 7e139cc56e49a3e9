import Foundation
import Imaging
import Motion
import TestSupport
import Testing
import VideoIO

struct ShotDetectorTests {
  /// A picture of smooth coloured patches that follows from its seed, seen from (x, y).
  static func scene(_ seed: Int, at x: Double = 0, gain: Double = 1, bias: Double = 0) -> RGBImage {
    var bytes: [UInt8] = []
    for row in 0..<72 {
      for column in 0..<128 {
        for channel in 0..<3 {
          var value = 0.5
          for wave in 1...4 {
            let phase = Double(seed * 37 + wave * 11 + channel * 5)
            let angle = Double((seed * 7 + wave * 13 + channel) % 17) / 17 * .pi
            let place = (Double(column) + x) * cos(angle) + Double(row) * sin(angle)
            value += sin(place * 0.05 * Double(wave) + phase) / 6
          }
          bytes.append(UInt8(min(255, max(0, value * 255 * gain + bias))))
        }
      }
    }
    return RGBImage(width: 128, height: 72, rgb: bytes)
  }

  static func cuts(_ images: [RGBImage]) -> [Int] {
    var detector = ShotDetector()
    for image in images { detector.add(image) }
    return detector.finish()
  }

  static func shot(_ seed: Int, _ count: Int) -> [RGBImage] { (0..<count).map { scene(seed, at: Double($0) * 0.7) } }

  @Test func cutsAreFoundToTheFrame() {
    #expect(Self.cuts(Self.shot(1, 20) + Self.shot(2, 13) + Self.shot(9, 25)) == [20, 33])
    #expect(Self.cuts(Self.shot(1, 3) + Self.shot(2, 3)) == [3])
  }

  @Test(arguments: [7, 8, 21])
  func shotsOfOnePaletteAreToldApart(seed: UInt64) {
    let scene = SyntheticScene(
      width: 160, height: 96, frameCount: 24, seed: seed, options: .with { $0.shots = 2 })
    #expect(Self.cuts((0..<24).map { scene.frame($0).image }) == [12])
  }

  @Test func aFlashIsNoCut() {
    for length in 1...3 {
      var images = Self.shot(3, 40)
      for i in 20..<20 + length { images[i] = Self.scene(3, at: Double(i) * 0.7, gain: 0.3, bias: 200) }
      #expect(Self.cuts(images) == [], "flash of \(length)")
      for i in 20..<20 + length {
        images[i] = RGBImage(width: 128, height: 72, repeating: SIMD4(65280, 65280, 65280, 0))
      }
      #expect(Self.cuts(images) == [], "white of \(length)")
    }
  }

  @Test func aFastPanIsNoCut() {
    let images = (0..<40).map { Self.scene(4, at: Double($0) * 16) }
    #expect(Self.cuts(images) == [])
  }

  @Test func aFadeThroughBlackEndsAShotOnce() {
    let down = (0..<12).map { Self.scene(5, gain: 1 - Double($0) / 11) }
    let up = (0..<12).map { Self.scene(6, gain: Double($0) / 11) }
    let cuts = Self.cuts(Self.shot(5, 15) + down + up + Self.shot(6, 15))
    #expect(cuts.count == 1)
    #expect((24...30).contains(cuts.first ?? 0))
    let sameAgain = Self.shot(5, 15) + down + down.reversed() + Self.shot(5, 15)
    #expect(Self.cuts(sameAgain) == [])
  }

  @Test(arguments: [12, 20, 30])
  func aDissolveEndsAShotOnce(length: Int) {
    let (a, b) = (Self.scene(7), Self.scene(12))
    let mixed = (1...length).map { step -> RGBImage in
      let share = Float(step) / Float(length + 1)
      var out = a
      for i in out.pixels.indices {
        out.pixels[i] = SIMD4<UInt16>(SIMD4<Float>(a.pixels[i]) * (1 - share) + SIMD4<Float>(b.pixels[i]) * share)
      }
      return out
    }
    let cuts = Self.cuts(Array(repeating: a, count: 20) + mixed + Array(repeating: b, count: 20))
    #expect(cuts.count == 1)
    #expect(abs((cuts.first ?? 0) - (20 + length / 2)) <= 4)
  }

  @Test func shortAndTinyClipsAreAnswered() {
    #expect(Self.cuts([]) == [])
    #expect(Self.cuts([RGBImage(width: 1, height: 1)]) == [])
    #expect(Self.cuts(Array(repeating: RGBImage(width: 2, height: 3), count: 40)) == [])
  }

  @Test(.enabled(if: SharedClips.isAvailable), arguments: ["bmx-trees", "car-shadow", "tennis", "judo"])
  func realShotsAreNotCut(clip: String) throws {
    let source = try MediaSource.open(try #require(SharedClips.path("clips/\(clip)/frames")))
    let images = try (0..<source.info.frameCount).map { RGBImage(try source.frame(at: $0).frame) }
    #expect(Self.cuts(images) == [])
  }

  /// Nine cuts by eye.
  @Test(.enabled(if: SharedClips.isAvailable))
  func everyCutOfAFilmIsFound() throws {
    let source = try MediaSource.open(try #require(SharedClips.path("clips/cat.mp4")))
    var detector = ShotDetector()
    for index in 0..<source.info.frameCount { detector.add(RGBImage(try source.frame(at: index).frame)) }
    #expect(detector.finish() == [80, 137, 198, 277, 352, 415, 462, 566, 740])
  }
}
