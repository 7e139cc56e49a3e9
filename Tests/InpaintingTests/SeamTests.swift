import Imaging
import Testing

@testable import Inpainting

@Suite("Seams")
struct SeamTests {
  /// A hole of 12 x 12 whose source is grey, in a grey picture with a light border of `width` pixels left of the hole.
  private func fill(lightFor width: Int) -> RGBImage {
    let (side, grey, light) = (48, Float(100), Float(220))
    let hole = FillScene.hole(Region(x: 18, y: 18, width: 12, height: 12), side, side)
    var image = RGBImage(width: side, height: side)
    for y in 0..<side {
      for x in 0..<side {
        let isLight = (18 - width..<18).contains(x) && (16..<32).contains(y)
        image.pixels[y * side + x] = RGBImage.fixed(SIMD4(repeating: isLight ? light : grey))
      }
    }
    let sites = HoleSites(hole.spread(by: 2))
    var candidates = Candidates(sites: sites, slots: 1)
    for site in 0..<sites.count {
      candidates.frame[site] = 0
      candidates.color[site] = SIMD4(repeating: grey)
    }
    return FrameFill(
      hole: hole, image: image, candidates: candidates, labels: [Int32](repeating: 0, count: sites.count),
      options: InpaintingOptions(), threads: 1
    ).run().image
  }

  private func level(_ image: RGBImage, _ x: Int, _ y: Int) -> Float { image.level(pixel: y * image.width + x).x }

  @Test("a residue around the hole does not spread into it")
  func residue() {
    let image = fill(lightFor: 2)
    #expect(level(image, 18, 24) < 110)
    #expect(level(image, 24, 24) < 102)
  }

  @Test("what passes before the hole goes on into it, and fades")
  func passer() {
    let image = fill(lightFor: 14)
    #expect(level(image, 18, 24) > 160)
    #expect(level(image, 29, 24) < 115)
    #expect((18..<29).allSatisfy { level(image, $0, 24) >= level(image, $0 + 1, 24) - 1 })
  }
}
