import Imaging
import Testing

@testable import Segmentation

struct ClickedPixelsTests {
  /// Dark to the left of column 10, light to the right.
  private let lab = LabImage(
    RGBImage(width: 20, height: 12, rgb: (0..<240).flatMap { [UInt8](repeating: $0 % 20 < 10 ? 40 : 200, count: 3) }))

  @Test func aPointSpeaksForWhatLooksLikeIt() {
    let pixels = ClickedPixels([.init(x: 8, y: 6, isInside: true), .init(x: 40, y: 6, isInside: false)], on: lab)
    let settled = pixels.settled(reach: 4)
    #expect(settled.allSatisfy { $0.isInside && $0.pixel % 20 < 10 })
    #expect(settled.contains { $0.pixel == 6 * 20 + 4 } && settled.contains { $0.pixel == 6 * 20 + 9 })
    #expect(settled.map(\.pixel) == settled.map(\.pixel).sorted() && Set(settled.map(\.pixel)).count == settled.count)
  }

  @Test func theNearerOfTwoPointsDecides() {
    let pixels = ClickedPixels([.init(x: 3, y: 6, isInside: true), .init(x: 6, y: 6, isInside: false)], on: lab)
    for (pixel, isInside) in pixels.settled(reach: 5) where pixel / 20 == 6 { #expect(isInside == (pixel % 20 < 5)) }
  }

  @Test func aSuperpixelClickedForBothSidesIsShared() {
    let one = Superpixels(width: 20, height: 12, count: 2, labels: (0..<240).map { $0 < 200 ? 0 : 1 })
    let whole = Plane<UInt8>(width: 20, height: 12, repeating: 255)
    let opposed = ClickedPixels([.init(x: 7, y: 5, isInside: true), .init(x: 12, y: 5, isInside: false)], on: lab)
    let shared = opposed.shared(whole, one)
    for p in 0..<240 { #expect((shared.samples[p] != 0) == (p >= 200 || p % 20 < 10)) }
    let alike = ClickedPixels([.init(x: 7, y: 5, isInside: true), .init(x: 12, y: 5, isInside: true)], on: lab)
    #expect(alike.shared(whole, one) == whole)
  }

  @Test func aStrokeSpeaksAsItsPointsDo() {
    let stroke = (2...17).map { ClickedPixels.Point(x: $0, y: 6, isInside: true) }
    let settled = Set(ClickedPixels(stroke, on: lab).settled(reach: 4).map(\.pixel))
    for x in 2...17 { #expect(settled.contains(6 * 20 + x) && settled.contains(8 * 20 + x)) }
  }

  /// Two clicks where one superpixel holds object and ground: both are heard.
  @Test func everyClickChangesTheAnswer() throws {
    let flat = RGBImage(width: 64, height: 64, rgb: [UInt8](repeating: 128, count: 64 * 64 * 3))
    let frame = try BuiltinSegmenter().prepare(flat)
    let mask = try frame.candidates(
      for: Prompts(inside: [.init(x: 30, y: 30)], outside: [.init(x: 37, y: 30)]), limit: 1)[0].mask
    #expect(mask[30, 30] != 0 && mask[32, 30] != 0 && mask[37, 30] == 0 && mask[35, 30] == 0)
  }
}
