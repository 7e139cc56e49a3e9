import Testing

@testable import Imaging

@Suite struct DrawingTests {
  @Test func thePaletteIsDAVISs() {
    let colors = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 21, 128, 255].map { Mask.paletteColor(UInt8($0)) }
    let expected: [(UInt8, UInt8, UInt8)] = [
      (0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128), (128, 0, 128), (0, 128, 128), (128, 128, 128),
      (64, 0, 0), (192, 0, 0), (128, 64, 128), (0, 32, 0), (224, 224, 192),
    ]
    for (color, wanted) in zip(colors, expected) { #expect(color == wanted) }
    let all = Set(
      (0...255).map { label in
        let color = Mask.paletteColor(UInt8(label))
        return [color.red, color.green, color.blue]
      })
    #expect(all.count == 256)
  }

  @Test func objectsAreTintedAndOutlined() {
    var mask = Mask(width: 9, height: 9)
    for y in 3..<6 { for x in 3..<6 { mask.labels[x, y] = 1 } }
    let image = RGBImage(width: 9, height: 9, rgb: Array(repeating: 100, count: 243))
    let tinted = image.tinted(by: mask, opacity: 0.5, contour: 1)
    #expect(tinted[4, 4] == SIMD4<UInt16>(114 * 256, 50 * 256, 50 * 256, 0))
    #expect(tinted[2, 4] == .zero)
    #expect(tinted[2, 2] == image[2, 2])
    #expect(tinted[0, 0] == image[0, 0])
    #expect(image.tinted(by: mask, opacity: 0, contour: 0) == image)
    #expect(image.tinted(by: mask, opacity: 1, contour: 0)[4, 4] == SIMD4<UInt16>(128 * 256, 0, 0, 0))
    #expect(image.tinted(by: Mask(width: 9, height: 9)) == image)
  }
}
