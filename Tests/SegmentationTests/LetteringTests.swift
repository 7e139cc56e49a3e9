import Imaging
import Testing

@testable import Segmentation

@Suite("Lettering of still marks")
struct LetteringTests {
  private static let box = Region(x: 20, y: 20, width: 200, height: 40)

  /// Letters are bars 4 pixels wide and 20 high, 12 apart, starting at `first`.
  private static func truth(first: Int, bars: Int) -> Plane<UInt8> {
    var plane = Plane<UInt8>(width: 240, height: 80, repeating: 0)
    for bar in 0..<bars {
      for y in 30..<50 { for x in first + 12 * bar..<first + 12 * bar + 4 { plane[x, y] = 255 } }
    }
    return plane
  }

  /// A ground of gentle waves with noise, moved by `shift`; the letters are white, the plate, where there is one, red.
  private static func frame(_ letters: Plane<UInt8>, shift: Int, plate: Bool = false) -> RGBImage {
    var noise = SplitMix64(seed: UInt64(shift + 1))
    var image = RGBImage(width: 240, height: 80)
    for y in 0..<80 {
      for x in 0..<240 {
        let wave = abs(Float((x + shift) % 64) - 32) + Float(y) / 2
        let grain = Float(noise.next() % 7) - 3
        var color = SIMD4<Float>(90 + wave + grain, 100 + wave + grain, 80 + wave / 2 + grain, 0)
        if plate, box.contains(x: x, y: y) { color = SIMD4(200 + grain, 30, 40, 0) }
        if letters[x, y] != 0 { color = SIMD4(250 + grain, 250, 245, 0) }
        image[x, y] = RGBImage.fixed(color)
      }
    }
    return image
  }

  @Test("Strokes are covered and the picture between them is left, also where the text changes")
  func changingText() throws {
    let first = Self.truth(first: 30, bars: 14)
    let second = Self.truth(first: 60, bars: 6)
    let samples = [Self.frame(first, shift: 0), Self.frame(first, shift: 9), Self.frame(second, shift: 30)]
    let lettering = try #require(Lettering(samples: samples, box: Self.box))
    for (truth, shift) in [(first, 4), (second, 40)] {
      let found = lettering.coverage(in: Self.frame(truth, shift: shift), box: Self.box)
      let missed = truth.samples.indices.count { truth.samples[$0] != 0 && found.samples[$0] == 0 }
      #expect(missed == 0)
      let allowed = truth.dilated(radius: 4)
      let beyond = found.samples.indices.count { found.samples[$0] != 0 && allowed.samples[$0] == 0 }
      #expect(beyond < 40)
    }
  }

  @Test("Where no text stands nothing is covered")
  func noText() throws {
    let text = Self.truth(first: 30, bars: 14)
    let lettering = try #require(Lettering(samples: [Self.frame(text, shift: 0)], box: Self.box))
    let empty = Self.frame(Plane(width: 240, height: 80, repeating: 0), shift: 11)
    #expect(lettering.coverage(in: empty, box: Self.box).samples.allSatisfy { $0 == 0 })
  }

  @Test("A plate under the text, and a box without text, are no lettering")
  func plates() {
    let text = Self.truth(first: 30, bars: 14)
    #expect(Lettering(samples: [Self.frame(text, shift: 0, plate: true)], box: Self.box) == nil)
    let empty = Plane<UInt8>(width: 240, height: 80, repeating: 0)
    #expect(Lettering(samples: [Self.frame(empty, shift: 0)], box: Self.box) == nil)
    #expect(Lettering(samples: [], box: Self.box) == nil)
  }

  @Test("A crop that does not hold the box teaches nothing", arguments: [1, 30])
  func smallCrops(side: Int) {
    #expect(Lettering(samples: [RGBImage(width: side, height: side)], box: Self.box) == nil)
  }
}
